package im.parley.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.util.JSONObjectUtils;
import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys that are good at one time; immutable. */
final class KeySet {
  static final KeySet EMPTY = new KeySet(List.of(), false);

  private final List<VerificationKey> keys;
  private final boolean anyId;

  private KeySet(List<VerificationKey> keys, boolean anyId) {
    this.keys = keys;
    this.anyId = anyId;
  }

  /** One key, whatever {@code kid} a token names. */
  static KeySet of(VerificationKey key) {
    return new KeySet(List.of(key), true);
  }

  /**
   * The keys of a JSON Web Key Set that check RS256 or ES256 signatures; others are passed over, as
   * RFC 7517 §5 asks. Symmetric keys too: what anybody may fetch is no secret. May be empty.
   *
   * @throws IllegalArgumentException if {@code json} is no such set
   */
  static KeySet ofJwks(String json) {
    List<VerificationKey> keys = new ArrayList<>();
    try {
      Map<String, Object>[] members =
          JSONObjectUtils.getJSONObjectArray(JSONObjectUtils.parse(json), "keys");
      if (members == null) {
        throw new IllegalArgumentException("has no \"keys\", expected a JSON Web Key Set");
      }
      for (Map<String, Object> member : members) {
        usable(member).ifPresent(keys::add);
      }
    } catch (ParseException e) {
      throw new IllegalArgumentException(
          "is not JSON with an array \"keys\", expected a JSON Web Key Set", e);
    }
    return new KeySet(List.copyOf(keys), false);
  }

  private static Optional<VerificationKey> usable(Map<String, Object> member) {
    try {
      JWK jwk = JWK.parse(member);
      boolean signs = jwk.getKeyUse() == null || KeyUse.SIGNATURE.equals(jwk.getKeyUse());
      boolean verifies =
          jwk.getKeyOperations() == null || jwk.getKeyOperations().contains(KeyOperation.VERIFY);
      if (!signs || !verifies || !(jwk instanceof AsymmetricJWK asymmetric)) {
        return Optional.empty();
      }
      VerificationKey key = VerificationKey.ofPublic(jwk.getKeyID(), asymmetric.toPublicKey());
      boolean fits = jwk.getAlgorithm() == null || jwk.getAlgorithm().equals(key.algorithm());
      return fits ? Optional.of(key) : Optional.empty();
    } catch (ParseException | JOSEException | IllegalArgumentException | IllegalStateException e) {
      return Optional.empty();
    }
  }

  /**
   * The key for a token with this algorithm and {@code kid} (null for none); nothing if the set
   * does not know the {@code kid}, so that a newer set might.
   *
   * @throws Refusal if no newer set would help: the key has another algorithm, or a token without
   *     {@code kid} leaves it open which
   */
  Optional<VerificationKey> find(JWSAlgorithm algorithm, String id) {
    List<VerificationKey> named =
        anyId || id == null ? keys : keys.stream().filter(key -> id.equals(key.id())).toList();
    if (named.isEmpty()) {
      return Optional.empty();
    }
    List<VerificationKey> fitting =
        named.stream().filter(key -> key.algorithm().equals(algorithm)).toList();
    if (fitting.isEmpty()) {
      throw new Refusal(
          ErrorCode.UNAUTHORIZED,
          "the token's algorithm is not the key's, expected " + named.get(0).algorithm());
    }
    if (id == null && fitting.size() > 1) {
      throw new Refusal(
          ErrorCode.UNAUTHORIZED,
          "the token names no key (kid), expected one of " + fitting.size());
    }
    return Optional.of(fitting.get(0));
  }

  int size() {
    return keys.size();
  }
}
