package im.parley;

import im.parley.auth.ServiceTokens;
import im.parley.auth.TokenVerifier;
import im.parley.chat.Chat;
import im.parley.cluster.Directory;
import im.parley.cluster.LocalDirectory;
import im.parley.config.Config;
import im.parley.config.ServerConfig;
import im.parley.gateway.GatewayShared;
import im.parley.gateway.GatewayVerticle;
import im.parley.http.HttpOptions;
import im.parley.metrics.Metrics;
import im.parley.session.Router;
import im.parley.store.Store;
import im.parley.store.sqlite.SqliteStore;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.transport.Transport;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/**
 * One node: what starts and stops, in which order. Starts the store, then the event loops, then the ports, so that nothing is taken
 * in before it can be kept; stops in the reverse order.
 */
public final class Node {
  private final Config config;
  private final Store store;
  private final Vertx vertx;
  private final List<GatewayVerticle> gateways = new ArrayList<>();
  private final List<Integer> wsPorts = new ArrayList<>();
  private int httpPort;
  private int freePort = -1; // Vert.x: verticles that listen to the same negative number share one free port
  private volatile boolean draining;

  private Node(Config config, Store store, Vertx vertx) {
    this.config = config;
    this.store = store;
    this.vertx = vertx;
  }

  /** Starts a node. Blocks while the store opens; the future completes when all ports listen. */
  public static Future<Node> start(Config config) {
    Store store = SqliteStore.open(config.store(), Clock.systemUTC());
    Vertx vertx = vertx(config.server());
    Node node = new Node(config, store, vertx);
    return node.open().map(node).recover(failure -> node.close().transform(closed -> Future.failedFuture(failure)));
  }

  private static Vertx vertx(ServerConfig config) {
    int loops = config.eventLoops() == 0 ? Runtime.getRuntime().availableProcessors() : config.eventLoops();
    VertxOptions options = new VertxOptions().setEventLoopPoolSize(loops);
    Transport transport = Transport.EPOLL != null && Transport.EPOLL.available() ? Transport.EPOLL : Transport.NIO;
    return Vertx.builder().with(options).withTransport(transport).build();
  }

  private Future<Void> open() {
    SecureRandom random = new SecureRandom();
    long salt = random.nextLong();
    String name = Long.toString(salt & 0xFF_FFFF_FFFFL, 36);
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Metrics metrics = new Metrics(registry);
    Directory directory = new LocalDirectory();
    GatewayShared shared = new GatewayShared(config, metrics, Clock.systemUTC(), name);
    int loops = Math.min(LocalDirectory.MAX_GATEWAYS, loops());
    for (int i = 0; i < loops; i++) {
      gateways.add(new GatewayVerticle(i, directory, shared));
    }
    Iterator<GatewayVerticle> each = gateways.iterator();
    return vertx
        .deployVerticle(each::next, new DeploymentOptions().setInstances(loops))
        .compose(
            deployed -> {
              Router router = new Router(directory, gateways.stream().map(GatewayVerticle::gateway).toList());
              TokenVerifier verifier =
                  config.auth().mode().needsToken() ? TokenVerifier.create(vertx, config.auth()) : null;
              Chat chat = new Chat(config, store, router, verifier, metrics, Clock.systemUTC(), salt);
              return all(gateway -> gateway.serve(chat)).compose(served -> listen());
            });
  }

  private Future<Void> listen() {
    Future<Void> ports = Future.succeededFuture();
    for (int port : config.server().wsPorts()) {
      ports = ports.compose(before -> listen(port, GatewayVerticle::notFound).onSuccess(wsPorts::add).mapEmpty());
    }
    return ports.compose(
        before ->
            listen(config.server().httpPort(), GatewayVerticle::notFound)
                .onSuccess(port -> httpPort = port)
                .mapEmpty());
  }

  /** All gateways accept on one port. */
  private Future<Integer> listen(int port, Handler<HttpServerRequest> others) {
    HttpServerOptions options = HttpOptions.at(config.server(), port == 0 ? freePort-- : port);
    return Future.all(gateways.stream().map(gateway -> gateway.listen(options, others)).toList())
        .map(taken -> taken.<Integer>resultAt(0));
  }

  private int loops() {
    int configured = config.server().eventLoops();
    return configured == 0 ? Runtime.getRuntime().availableProcessors() : configured;
  }

  private Future<Void> all(Function<GatewayVerticle, Future<Void>> step) {
    return Future.all(gateways.stream().map(step).toList()).mapEmpty();
  }

  /**
   * Stops in order: no new connections, clients sent away within the grace, what was accepted is stored, everything closed. Completes
   * when nothing of it runs any more.
   */
  public Future<Void> stop() {
    draining = true;
    Duration grace = config.server().drainGrace();
    return all(gateway -> gateway.drain(grace)).transform(drained -> close());
  }

  private Future<Void> close() {
    return Future.all(vertx.deploymentIDs().stream().map(vertx::undeploy).toList())
        .transform(undeployed -> store.close())
        .transform(closed -> vertx.close());
  }

  /** The WebSocket ports taken. */
  public List<Integer> wsPorts() {
    return List.copyOf(wsPorts);
  }

  /** The HTTP port taken. */
  public int httpPort() {
    return httpPort;
  }

  /** The gRPC port taken. */
  public int grpcPort() {
    return 0;
  }

  /** The admin port taken. */
  public int adminPort() {
    return 0;
  }
}
