package im.parley.config;

import java.util.List;

/**
 * Who may come in.
 *
 * @param mode open for trying out, jwt for everything else
 * @param openAnywhere allows mode open on an address beyond loopback
 * @param hmacSecret HS256 secret of at least 32 bytes, empty for none
 * @param publicKey PEM file with an RSA or P-256 public key (RS256, ES256), empty for none
 * @param jwks file or http(s) URL of a JSON Web Key Set, empty for none
 * @param issuer required {@code iss}, empty for any
 * @param audience required {@code aud}, empty for any
 * @param userClaim the claim that names the user; {@code sub} by default
 * @param platformsClaim the claim that lists the allowed platforms; absent in a token means all
 * @param serviceTokens tokens that gRPC, the sending routes of HTTP and the admin port take; needed with mode jwt
 */
public record AuthConfig(
    Mode mode,
    boolean openAnywhere,
    String hmacSecret,
    String publicKey,
    String jwks,
    String issuer,
    String audience,
    String userClaim,
    String platformsClaim,
    List<String> serviceTokens) {

  /** How a login is judged. */
  public enum Mode {
    /** Anyone may be anyone. */
    OPEN,
    /** A signed token says who. */
    JWT
  }
}
