package im.parley.protocol;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The answer side of the wire: {@code {"seq","cmd"|"action","response":{"code","codeMsg","data"}}},
 * in prim's key order.
 */
public final class Envelope {
  private Envelope() {}

  /** The UTF-8 text of a reply that carries {@code data}. */
  public static byte[] reply(Request request, Object data) {
    return encode(
        request.seq(),
        request.verb(),
        request.action(),
        ErrorCode.OK.code(),
        ErrorCode.OK.text(),
        data);
  }

  /**
   * The UTF-8 text of a refusal to a native client: {@code data} has the reason, and when to retry.
   */
  public static byte[] refusal(Request request, Refusal refusal) {
    Map<String, Object> data = new LinkedHashMap<>(4);
    data.put("reason", refusal.reason());
    if (refusal.code().retryable()) {
      data.put("retryAfterMs", refusal.retryAfterMs());
    }
    return encode(
        request.seq(),
        request.verb(),
        request.action(),
        refusal.code().code(),
        refusal.code().text(),
        data);
  }

  /** The UTF-8 text of a refusal to a prim client, whose {@code data} is null. */
  public static byte[] primRefusal(Request request, ErrorCode code) {
    return encode(request.seq(), request.verb(), request.action(), code.code(), code.text(), null);
  }

  static byte[] encode(
      String seq, Request.Verb verb, String action, int code, String text, Object data) {
    Json.Writable envelope =
        json -> {
          json.beginObject();
          json.field("seq", seq);
          json.field(verb.key(), action);
          json.name("response");
          json.beginObject();
          json.field("code", code);
          json.field("codeMsg", text);
          json.name("data");
          Json.write(json, data);
          json.endObject();
          json.endObject();
        };
    return Json.encode(envelope);
  }
}
