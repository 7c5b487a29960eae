package im.parley.auth;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;

/** JSON Web Key Sets. */
final class Jwks {
  private Jwks() {}

  static JsonObject rsa(String kid, RSAPublicKey key) {
    return new JsonObject(new RSAKey.Builder(key).keyID(kid).build().toJSONString());
  }

  static JsonObject ec(String kid, ECPublicKey key) {
    return new JsonObject(new ECKey.Builder(Curve.P_256, key).keyID(kid).build().toJSONString());
  }

  static String set(JsonObject... keys) {
    JsonArray array = new JsonArray();
    for (JsonObject key : keys) {
      array.add(key);
    }
    return new JsonObject().put("keys", array).encode();
  }
}
