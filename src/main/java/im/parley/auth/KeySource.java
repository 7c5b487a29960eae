package im.parley.auth;

import com.nimbusds.jose.JWSAlgorithm;
import io.vertx.core.Future;

/** Where the verifier finds keys. Any thread. */
@FunctionalInterface
interface KeySource {
  /**
   * The key for a token with this algorithm and {@code kid} (null for none). Completes on the
   * caller's context, at once when the key is known; fails with a {@link
   * im.parley.protocol.Refusal}.
   */
  Future<VerificationKey> find(JWSAlgorithm algorithm, String id);
}
