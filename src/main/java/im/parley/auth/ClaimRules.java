package im.parley.auth;

import im.parley.config.AuthConfig;
import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import java.time.Clock;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What the claims of a token with a right signature must say. Any thread. */
final class ClaimRules {
  /**
   * How far another clock may be ahead of ours, for the claims about a token's beginning. Its end
   * is ours alone to judge.
   */
  static final long SKEW_SECONDS = 30;

  /** The last second of the year 9999; later ones are mistakes, such as milliseconds. */
  private static final long MAX_SECONDS = 253_402_300_799L;

  private final AuthConfig config;
  private final Clock clock;

  ClaimRules(AuthConfig config, Clock clock) {
    this.config = config;
    this.clock = clock;
  }

  /**
   * Whom the claims vouch for; throws a {@link Refusal} if they break a rule. The end is judged
   * last.
   */
  Identity judge(Map<String, Object> claims) {
    long now = Math.floorDiv(clock.millis(), 1_000L);
    if (!config.issuer().isEmpty() && !config.issuer().equals(claims.get("iss"))) {
      throw refused("iss is not the expected issuer");
    }
    if (!config.audience().isEmpty() && !hasAudience(claims.get("aud"))) {
      throw refused("aud does not name the expected audience");
    }
    for (String beginning : List.of("nbf", "iat")) {
      if (claims.containsKey(beginning) && seconds(claims, beginning) > now + SKEW_SECONDS) {
        throw refused(beginning + " lies in the future, the token is not yet valid");
      }
    }
    Identity identity = new Identity(user(claims), platforms(claims), seconds(claims, "exp"));
    if (now >= identity.expiresAtSeconds()) {
      // RFC 7519 §4.1.4: not accepted on or after.
      throw new Refusal(
          ErrorCode.TOKEN_EXPIRED, "the token has ended, expected one that is valid now");
    }
    return identity;
  }

  private boolean hasAudience(Object audience) {
    // RFC 7519 §4.1.3: one string or an array of them.
    return config.audience().equals(audience)
        || (audience instanceof Collection<?> many && many.contains(config.audience()));
  }

  private String user(Map<String, Object> claims) {
    if (claims.get(config.userClaim()) instanceof String user && UserIds.valid(user)) {
      return user;
    }
    throw refused(
        config.userClaim() + " does not name a user, expected a string of " + UserIds.RULE);
  }

  private Set<String> platforms(Map<String, Object> claims) {
    if (config.platformsClaim().isEmpty() || !claims.containsKey(config.platformsClaim())) {
      return Set.of();
    }
    Object claim = claims.get(config.platformsClaim());
    Collection<?> names =
        claim instanceof String text ? Arrays.asList(text.split("[\\s,]+")) : List.of();
    if (claim instanceof Collection<?> many && many.stream().allMatch(String.class::isInstance)) {
      names = many;
    }
    Set<String> platforms =
        names.stream()
            .map(name -> ((String) name).strip())
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toSet());
    if (platforms.isEmpty()) {
      // To the caller an empty set is all platforms, so a claim that grants none must not become
      // one.
      throw refused(
          config.platformsClaim() + " names no platform, expected an array of strings or a string");
    }
    return platforms;
  }

  private static long seconds(Map<String, Object> claims, String name) {
    // RFC 7519 §2, NumericDate: may have a fraction.
    if (claims.get(name) instanceof Number number
        && number.doubleValue() >= 0
        && number.doubleValue() <= MAX_SECONDS) {
      return number.longValue();
    }
    throw refused(name + " is missing or no time, expected seconds since 1970");
  }

  private static Refusal refused(String reason) {
    return new Refusal(ErrorCode.UNAUTHORIZED, reason);
  }
}
