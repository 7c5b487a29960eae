/**
 * The HTTP port's routes (prim's API, pages) and the admin port (health, metrics, operators' API).
 * Owns no state of its own: it asks the use cases and the gateways.
 */
package im.parley.http;
