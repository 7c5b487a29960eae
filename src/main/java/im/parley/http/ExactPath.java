package im.parley.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Set;

/**
 * Lets pass only a path that is written the one right way: no escapes of plain characters, no dots,
 * no doubled or trailing slashes. So what a handler sees cannot mean two things. One of prim's
 * routes with a slash too many is redirected, as prim does.
 */
final class ExactPath {
  private static final Map<HttpMethod, Set<String>> PRIM =
      Map.of(
          HttpMethod.GET, Set.of("/home/index", "/user/list", "/user/online", "/system/state"),
          HttpMethod.POST, Set.of("/user/sendMessage", "/user/sendMessageAll"));

  private ExactPath() {}

  /** Passes it on, redirects, or fails with 400 or 404. */
  static void check(RoutingContext context) {
    String path = context.request().path();
    String normalized;
    try {
      normalized = context.normalizedPath();
    } catch (IllegalArgumentException malformedEscape) {
      context.fail(400);
      return;
    }
    boolean trailing = path.length() > 1 && path.endsWith("/");
    if (!path.equals(normalized)) {
      context.fail(404);
    } else if (!trailing) {
      context.next();
    } else {
      redirect(context, path.substring(0, path.length() - 1));
    }
  }

  private static void redirect(RoutingContext context, String shorter) {
    HttpServerRequest request = context.request();
    if (!PRIM.getOrDefault(request.method(), Set.of()).contains(shorter)) {
      context.fail(404);
      return;
    }
    String query = request.query();
    context
        .response()
        .setStatusCode(request.method() == HttpMethod.GET ? 301 : 307)
        .putHeader("Location", query == null ? shorter : shorter + '?' + query)
        .end();
  }
}
