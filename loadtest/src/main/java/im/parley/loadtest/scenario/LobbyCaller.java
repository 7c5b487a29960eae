package im.parley.loadtest.scenario;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.Locale;

/** Sends to prim's lobby by its HTTP route. Event loop only. */
final class LobbyCaller {
  private static final String FORM = "application/x-www-form-urlencoded";

  private final Options options;
  private final HttpClient client;
  private final RequestOptions route;

  LobbyCaller(LoopContext context) {
    options = context.options();
    client = context.vertx().createHttpClient();
    route =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setAbsoluteURI(options.httpUrl + "/user/sendMessageAll")
            .putHeader("Content-Type", FORM);
  }

  /** The message carries its time; gives the answer's code in its envelope. */
  Future<Integer> sendToAll(long due) {
    String marker = String.format(Locale.ROOT, "@@%016x@@", due);
    String body =
        "appID=%d&userID=loadtest&msgID=%016x&message=%s%s"
            .formatted(
                options.appId,
                due,
                marker,
                "x".repeat(Math.max(0, options.size - marker.length())));
    return client
        .request(route)
        .compose(request -> request.send(body))
        .compose(HttpClientResponse::body)
        .map(answer -> answer.toJsonObject().getInteger("code", 0));
  }
}
