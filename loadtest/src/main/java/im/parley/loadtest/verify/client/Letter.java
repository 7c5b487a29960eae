package im.parley.loadtest.verify.client;

import im.parley.loadtest.verify.history.Stored;
import io.vertx.core.json.JsonObject;

/**
 * A message that is to be stored.
 *
 * @param to the protocol's: a user or a room
 */
record Letter(String conversation, JsonObject to, String cid, String text) {
  private static final String TYPE = "text";

  JsonObject request() {
    return new JsonObject().put("to", to).put("cid", cid).put("type", TYPE).put("msg", text);
  }

  String digest() {
    return Stored.digest(TYPE, text);
  }
}
