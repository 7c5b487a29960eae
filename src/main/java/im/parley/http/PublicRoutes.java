package im.parley.http;

import im.parley.auth.ServiceTokens;
import im.parley.chat.Lobby;
import im.parley.config.AuthConfig;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;

/**
 * What the HTTP port answers besides {@code /acc}: prim's routes and the pages. One for a node, any
 * thread; each event loop takes a {@link #router} of its own.
 */
public final class PublicRoutes {
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
    Failures.asText(router);
    router.route().handler(ExactPath::check);
    prim.mount(router);
    web.mount(router);
    return router;
  }
}
