package im.parley.http;

import im.parley.auth.ServiceTokens;
import im.parley.chat.Lobby;
import im.parley.config.AuthConfig;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;

/**
 * What the HTTP port answers besides {@code /acc}: prim's routes, the gateways and the pages. One
 * for a node, any thread; each event loop takes a {@link #router} of its own.
 */
public final class PublicRoutes {
  private final PrimRoutes prim;
  private final WebRoutes web;
  private final Gateways gateways;

  /**
   * The routes of one node.
   *
   * @param sessions this node's gateways
   * @param tokens asked by the routes that send
   * @param auth what the page is told about logging in
   * @param census counts the sockets
   * @param gateways where else clients may go
   */
  public PublicRoutes(
      Lobby lobby,
      im.parley.session.Router sessions,
      ServiceTokens tokens,
      AuthConfig.Mode auth,
      ConnectionCensus census,
      Gateways gateways) {
    this(
        new PrimRoutes(lobby, new SystemState(sessions, census), new Bearer(tokens)),
        new WebRoutes(WebFiles.load("/web"), auth),
        gateways);
  }

  PublicRoutes(PrimRoutes prim, WebRoutes web, Gateways gateways) {
    this.prim = prim;
    this.web = web;
    this.gateways = gateways;
  }

  /** The routes, for one event loop. */
  public Router router(Vertx vertx) {
    Router router = Router.router(vertx);
    Failures.asText(router);
    router.route().handler(ExactPath::check);
    prim.mount(router);
    gateways.mount(router);
    web.mount(router);
    return router;
  }
}
