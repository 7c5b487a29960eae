package im.parley.config;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

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
 * @param platformsClaim the claim that lists the allowed platforms; absent in a token means all;
 *     empty for none
 * @param serviceTokens tokens that gRPC, the sending routes of HTTP and the admin port take; needed
 *     with mode jwt
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
    JWT;

    /** Whether a login needs a token. */
    public boolean needsToken() {
      return this == JWT;
    }
  }

  public AuthConfig {
    serviceTokens = List.copyOf(serviceTokens);
    Rules.require(!userClaim.isEmpty(), "auth.user-claim", userClaim, "the name of a claim");
    // RFC 7518 §3.2: the key of HS256 is at least as long as its hash.
    Rules.require(
        hmacSecret.isEmpty() || hmacSecret.getBytes(StandardCharsets.UTF_8).length >= 32,
        "auth.hmac-secret",
        hmacSecret,
        "at least 32 bytes");
    if (!publicKey.isEmpty()) {
      Rules.readable("auth.public-key", publicKey);
    }
    if (!jwks.isEmpty() && !isUrl(jwks)) {
      Rules.readable("auth.jwks", jwks);
    }
    Rules.require(
        serviceTokens.stream().noneMatch(String::isBlank),
        "auth.service-tokens",
        "",
        "random strings, none of them blank");
    if (mode == Mode.JWT) {
      long keys = Stream.of(hmacSecret, publicKey, jwks).filter(key -> !key.isEmpty()).count();
      Rules.require(
          keys == 1,
          "auth",
          "jwt",
          "exactly one of auth.hmac-secret, auth.public-key and auth.jwks with it, but "
              + keys
              + " are set");
      Rules.require(
          !serviceTokens.isEmpty(),
          "auth.service-tokens",
          "",
          "at least one token for services, because auth is jwt");
    }
  }

  /** Whether {@link #jwks} is asked for over HTTP; else it is a file. */
  public boolean jwksIsUrl() {
    return isUrl(jwks);
  }

  private static boolean isUrl(String jwks) {
    // RFC 3986 §3.1: a scheme's case says nothing.
    String lower = jwks.toLowerCase(Locale.ROOT);
    return lower.startsWith("http://") || lower.startsWith("https://");
  }

  static AuthConfig from(Reading reading) {
    return new AuthConfig(
        reading.choice("auth", Mode.class),
        reading.flag("auth.open-anywhere"),
        reading.text("auth.hmac-secret"),
        reading.text("auth.public-key"),
        reading.text("auth.jwks"),
        reading.text("auth.issuer"),
        reading.text("auth.audience"),
        reading.text("auth.user-claim"),
        reading.text("auth.platforms-claim"),
        reading.list("auth.service-tokens"));
  }

  /** Without its secrets. */
  @Override
  public String toString() {
    return "AuthConfig[mode="
        + mode
        + ", openAnywhere="
        + openAnywhere
        + ", issuer="
        + issuer
        + ", audience="
        + audience
        + "]";
  }
}
