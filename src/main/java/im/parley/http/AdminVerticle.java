package im.parley.http;

import im.parley.config.ServerConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.ContextInternal;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * The admin port: health, metrics and the operators' API. One instance for a node. Not for the
 * public, and without TLS.
 */
public final class AdminVerticle extends VerticleBase {
  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final ServerConfig config;
  private final HealthRoutes health;
  private final AdminRoutes admin;
  private final PrometheusMeterRegistry registry;
  private volatile int port; // written once, when it listens

  public AdminVerticle(
      ServerConfig config,
      HealthRoutes health,
      AdminRoutes admin,
      PrometheusMeterRegistry registry) {
    this.config = config;
    this.health = health;
    this.admin = admin;
    this.registry = registry;
  }

  /** Listens. */
  @Override
  public Future<?> start() {
    Router router = Router.router(vertx);
    Failures.asJson(router);
    router.route().handler(ExactPath::check);
    health.mount(router);
    router.get("/metrics").handler(this::metrics);
    admin.mount(router);
    return vertx
        .createHttpServer(HttpOptions.admin(config))
        .requestHandler(router)
        .listen()
        .onSuccess(server -> port = server.actualPort());
  }

  /** The port taken; 0 before it listens. */
  public int actualPort() {
    return port;
  }

  /** The event loop that serves it; there after the deployment. */
  EventLoop loop() {
    return ((ContextInternal) context).nettyEventLoop();
  }

  private void metrics(RoutingContext context) {
    // Gauges of the operating system read files.
    vertx
        .executeBlocking(() -> registry.scrape(PROMETHEUS_TEXT), false)
        .onSuccess(text -> context.response().putHeader("content-type", PROMETHEUS_TEXT).end(text))
        .onFailure(context::fail);
  }
}
