package im.parley.loadtest.verify.history;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A message as a server showed it, in a push, a sync or a log.
 *
 * @param digest of its type and text
 */
public record Stored(long offset, String id, String from, String cid, String digest) {
  private static final int DIGEST_BYTES = 8;

  /** Reads the message object of the protocol. */
  public static Stored of(JsonObject message) {
    return new Stored(
        message.getLong("offset"),
        message.getString("id"),
        message.getString("from"),
        message.getString("cid"),
        digest(message.getString("type", "text"), message.getString("msg", "")));
  }

  /** The first bytes of the SHA-256 of a body, in hexadecimal. */
  public static String digest(String type, String text) {
    try {
      byte[] whole =
          MessageDigest.getInstance("SHA-256")
              .digest((type + '\n' + text).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(whole, 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  JsonObject json() {
    return new JsonObject()
        .put("offset", offset)
        .put("id", id)
        .put("from", from)
        .put("cid", cid)
        .put("digest", digest);
  }

  static Stored from(JsonObject json) {
    return new Stored(
        json.getLong("offset"),
        json.getString("id"),
        json.getString("from"),
        json.getString("cid"),
        json.getString("digest"));
  }
}
