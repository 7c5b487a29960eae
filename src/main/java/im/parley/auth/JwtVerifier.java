package im.parley.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.SignedJWT;
import im.parley.config.AuthConfig;
import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.text.ParseException;
import java.time.Clock;
import java.util.Map;
import java.util.Set;

/**
 * Verifies in three steps: what the token claims to be, on the calling thread; which key that
 * means, perhaps after fetching keys; and the signature and claims, where the {@link
 * VerificationThreads} have them run.
 */
final class JwtVerifier implements TokenVerifier {
  static final int MAX_TOKEN_CHARS = 8 * 1024;
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.HS256, JWSAlgorithm.RS256, JWSAlgorithm.ES256);

  private final KeySource keys;
  private final ClaimRules rules;
  private final VerificationThreads threads;

  JwtVerifier(KeySource keys, ClaimRules rules, VerificationThreads threads) {
    this.keys = keys;
    this.rules = rules;
    this.threads = threads;
  }

  static JwtVerifier create(Vertx vertx, AuthConfig config, Clock clock) {
    VerificationThreads threads = new VerificationThreads(vertx);
    return new JwtVerifier(
        KeySources.of(vertx, config, clock, threads), new ClaimRules(config, clock), threads);
  }

  @Override
  public Future<Identity> verify(String token) {
    try {
      SignedJWT jwt = parse(token);
      JWSHeader header = jwt.getHeader();
      return keys.find(header.getAlgorithm(), header.getKeyID())
          .compose(
              key ->
                  key.cheap()
                      ? Future.succeededFuture(judge(jwt, key))
                      : threads.run(() -> judge(jwt, key)));
    } catch (Refusal refusal) {
      return Future.failedFuture(refusal);
    }
  }

  private static SignedJWT parse(String token) {
    if (token == null || token.isEmpty()) {
      throw refused("no token, expected a JSON Web Token");
    }
    if (token.length() > MAX_TOKEN_CHARS) {
      throw refused(
          "the token has "
              + token.length()
              + " characters, expected "
              + MAX_TOKEN_CHARS
              + " at most");
    }
    SignedJWT jwt;
    try {
      jwt = SignedJWT.parse(token);
    } catch (ParseException | RuntimeException e) {
      // Also for alg none: it has no signature, and the library takes signed tokens only.
      throw refused("not a signed JSON Web Token");
    }
    JWSHeader header = jwt.getHeader();
    if (!ALGORITHMS.contains(header.getAlgorithm())) {
      throw refused("the token's algorithm is not accepted, expected HS256, RS256 or ES256");
    }
    if (header.getCriticalParams() != null && !header.getCriticalParams().isEmpty()
        || !header.isBase64URLEncodePayload()) {
      // RFC 7515 §4.1.11: extensions that are not understood must be refused; we understand none.
      throw refused("the token's header has critical extensions, expected none");
    }
    return jwt;
  }

  private Identity judge(SignedJWT jwt, VerificationKey key) {
    try {
      if (!jwt.verify(key.verifier())) {
        throw refused("the token's signature is wrong");
      }
    } catch (JOSEException | IllegalArgumentException | IllegalStateException e) {
      throw refused("the token's signature is wrong");
    }
    // The claims are read only now: before the signature they are anybody's words.
    Map<String, Object> claims = jwt.getPayload().toJSONObject();
    if (claims == null) {
      throw refused("the token's payload is no JSON object");
    }
    return rules.judge(claims);
  }

  private static Refusal refused(String reason) {
    return new Refusal(ErrorCode.UNAUTHORIZED, reason);
  }
}
