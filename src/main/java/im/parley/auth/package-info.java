/**
 * Who a client is: users by a signed JSON Web Token, trusted services by a shared token. Knows
 * nothing of connections or sessions.
 */
package im.parley.auth;
