package im.parley.auth;

import im.parley.config.AuthConfig;
import im.parley.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;

/**
 * Judges users' tokens: JSON Web Tokens signed with HS256, RS256 or ES256. One serves a whole node;
 * any thread may call it, and it keeps no token.
 *
 * <p>The algorithm belongs to the key and never to the token: a secret checks HS256 only, an RSA
 * key RS256 only, a P-256 key ES256 only. A token must carry an {@code exp}, which is held to the
 * second; {@code nbf} and {@code iat} may be 30 seconds ahead.
 */
public interface TokenVerifier {
  /**
   * Whom {@code token} vouches for. The future completes on the caller's context and fails only
   * with a {@link im.parley.protocol.Refusal}:
   *
   * <ul>
   *   <li>{@link ErrorCode#UNAUTHORIZED}: missing, garbled or over 8 KB, an algorithm or key that
   *       is not accepted, a wrong signature, issuer or audience, not yet valid, without an end, or
   *       without a usable user
   *   <li>{@link ErrorCode#TOKEN_EXPIRED}: right in all else, but it has ended
   *   <li>{@link ErrorCode#BUSY}: too many verifications wait, or the keys cannot be had just now
   * </ul>
   *
   * The reason never repeats any part of the token.
   */
  Future<Identity> verify(String token);

  /**
   * A verifier for {@code config}, whose mode is jwt. Reads files at once, on the calling thread; a
   * key set behind a URL is asked for at once and awaited by the first verifications. Its worker
   * threads and HTTP client end with the deployment that calls this, or with {@code vertx}.
   *
   * @throws IllegalArgumentException if a file has no usable key, or a URL cannot be one; the
   *     message says which and why
   */
  static TokenVerifier create(Vertx vertx, AuthConfig config) {
    return JwtVerifier.create(vertx, config, Clock.systemUTC());
  }
}
