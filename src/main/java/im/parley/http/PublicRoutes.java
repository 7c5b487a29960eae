package im.parley.http;

import im.parley.auth.ServiceTokens;
import im.parley.chat.Lobby;
import im.parley.config.AuthConfig;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;

/**
 * What the HTTP port answers besides {@code /acc}: prim's routes and the pages. One for a node, any
 * thread; each event loop takes a {@link #router} of its own.
 */
public final class PublicRoutes {
  private static final Set<String> GETS =
      Set.of("/home/index", "/user/list", "/user/online", "/system/state");
  private static final Set<String> POSTS = Set.of("/user/sendMessage", "/user/sendMessageAll");

  private final PrimRoutes prim;
  private final WebRoutes web;

  /**
   * The routes of one node.
   *
   * @param sessions this node's gateways
   * @param tokens asked by the routes that send
   * @param auth what the page is told about logging in
   * @param census counts the sockets
   */
  public PublicRoutes(
      Lobby lobby,
      im.parley.session.Router sessions,
      ServiceTokens tokens,
      AuthConfig.Mode auth,
      ConnectionCensus census) {
    this(
        new PrimRoutes(lobby, new SystemState(sessions, census), new Bearer(tokens)),
        new WebRoutes(WebFiles.load("/web"), auth));
  }

  PublicRoutes(PrimRoutes prim, WebRoutes web) {
    this.prim = prim;
    this.web = web;
  }

  /** The routes, for one event loop. */
  public Router router(Vertx vertx) {
    Router router = Router.router(vertx);
    router.route().handler(PublicRoutes::exactPath);
    prim.mount(router);
    web.mount(router);
    Failures.asText(router);
    return router;
  }

  /** A path matches letter by letter, as in prim; one slash too many is redirected. */
  private static void exactPath(RoutingContext context) {
    String path = context.request().path();
    if (path.length() > 1 && path.endsWith("/")) {
      HttpMethod method = context.request().method();
      Set<String> known =
          method == HttpMethod.GET ? GETS : method == HttpMethod.POST ? POSTS : Set.of();
      String shorter = path.substring(0, path.length() - 1);
      if (known.contains(shorter)) {
        String query = context.request().query();
        context
            .response()
            .setStatusCode(method == HttpMethod.GET ? 301 : 307)
            .putHeader("Location", query == null ? shorter : shorter + '?' + query)
            .end();
        return;
      }
    }
    if (path.equals(context.normalizedPath()) && !(path.length() > 1 && path.endsWith("/"))) {
      context.next();
    } else {
      context.fail(404);
    }
  }
}
