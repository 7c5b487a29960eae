package im.parley.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import im.parley.config.AuthConfig;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/**
 * Makes tokens that this node's own verifier takes, for trying things out: HS256 with the
 * configured secret.
 */
public final class DevelopmentToken {
  private DevelopmentToken() {}

  /**
   * A token for {@code user} that ends after {@code ttl}, with the issuer and audience that {@code
   * config} asks for.
   *
   * @param platforms what the token is good for; empty for all
   * @throws IllegalArgumentException if no secret is configured, the user id breaks the rules,
   *     {@code ttl} is under a second, or platforms are given and no claim is configured to carry
   *     them
   */
  public static String mint(AuthConfig config, String user, List<String> platforms, Duration ttl) {
    return mint(config, user, platforms, ttl, Clock.systemUTC());
  }

  static String mint(
      AuthConfig config, String user, List<String> platforms, Duration ttl, Clock clock) {
    if (config.hmacSecret().isEmpty()) {
      throw new IllegalArgumentException(
          "auth.hmac-secret: is not set, so no development token can be signed; expected 32 bytes or"
              + " more");
    }
    if (!UserIds.valid(user)) {
      throw new IllegalArgumentException("user: expected " + UserIds.RULE);
    }
    if (ttl.toSeconds() < 1) {
      throw new IllegalArgumentException("ttl: is " + ttl + ", expected a second or more");
    }
    if (!platforms.isEmpty() && config.platformsClaim().isEmpty()) {
      throw new IllegalArgumentException(
          "auth.platforms-claim: is not set, so a token cannot carry platforms");
    }
    return sign(config, claims(config, user, platforms, ttl, clock.instant()));
  }

  private static JWTClaimsSet claims(
      AuthConfig config, String user, List<String> platforms, Duration ttl, Instant now) {
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(ttl)));
    if (!config.issuer().isEmpty()) {
      claims.issuer(config.issuer());
    }
    if (!config.audience().isEmpty()) {
      claims.audience(config.audience());
    }
    if (!platforms.isEmpty()) {
      claims.claim(config.platformsClaim(), platforms);
    }
    return claims.claim(config.userClaim(), user).build();
  }

  private static String sign(AuthConfig config, JWTClaimsSet claims) {
    SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
    try {
      jwt.sign(new MACSigner(config.hmacSecret().getBytes(StandardCharsets.UTF_8)));
    } catch (JOSEException e) {
      throw new IllegalStateException("a secret of 32 bytes or more signs", e);
    }
    return jwt.serialize();
  }
}
