package im.parley.auth;

import java.util.Set;

/**
 * What a token vouches for.
 *
 * @param user the user id, 1 to 64 UTF-8 bytes without control characters
 * @param platforms the platforms that this user may log in from, by the names of the token; empty
 *     means all
 * @param expiresAtSeconds when the identity ends, in seconds since 1970; 0 means never. A verified
 *     token always ends (see {@link TokenVerifier}), so 0 is for identities that no token stands
 *     behind
 */
public record Identity(String user, Set<String> platforms, long expiresAtSeconds) {
  /** The platforms are copied. */
  public Identity {
    platforms = Set.copyOf(platforms);
  }
}
