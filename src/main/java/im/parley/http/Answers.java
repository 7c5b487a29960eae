package im.parley.http;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Json;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * JSON answers. prim's shape is {@code {"code","msg","data"}}; HTTP's status is 200 unless said
 * otherwise.
 */
final class Answers {
  private static final String JSON = "application/json; charset=utf-8";

  private Answers() {}

  /** Answers with any value. */
  static void json(RoutingContext context, int status, Object value) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", JSON)
        .end(Buffer.buffer(Json.encode(value)));
  }

  /** Answers in prim's shape. */
  static void coded(RoutingContext context, int status, ErrorCode code, Map<String, ?> data) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("code", code.code());
    answer.put("msg", code.text());
    answer.put("data", data);
    json(context, status, answer);
  }

  /** Answers in prim's shape with what {@code future} comes to, or lets the failure handlers. */
  static <T> void when(
      RoutingContext context,
      Future<T> future,
      Function<? super T, ? extends Map<String, ?>> data) {
    future
        .onSuccess(value -> coded(context, 200, ErrorCode.OK, data.apply(value)))
        .onFailure(context::fail);
  }

  /** Refuses for one reason, in prim's shape. */
  static void refuse(RoutingContext context, int status, ErrorCode code, String reason) {
    coded(context, status, code, Map.of("reason", reason));
  }
}
