package im.parley.http;

import static im.parley.testing.Waiting.await;

import im.parley.auth.ServiceTokens;
import im.parley.auth.TokenVerifier;
import im.parley.chat.Chat;
import im.parley.cluster.Membership;
import im.parley.cluster.NodeInfo;
import im.parley.cluster.StandaloneCluster;
import im.parley.config.Config;
import im.parley.gateway.GatewayShared;
import im.parley.gateway.GatewayVerticle;
import im.parley.metrics.JvmMeters;
import im.parley.metrics.LoopLag;
import im.parley.metrics.Metrics;
import im.parley.metrics.NodeGauges;
import im.parley.session.Gateway;
import im.parley.session.LocalTopics;
import im.parley.session.Router;
import im.parley.store.Store.StoreHealth;
import im.parley.store.sqlite.SqliteStore;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;

/**
 * The real parts behind the HTTP ports: two event loops with their gateways, the use cases, the
 * embedded store; the pages are the test's own.
 */
final class TestNode implements AutoCloseable, ConnectionCensus {
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
  private volatile List<NodeInfo> nodes = List.of(NodeInfo.starting(1, "test"));
  private final List<GatewayVerticle> verticles = new ArrayList<>();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final SqliteStore store;
  private final GatewayShared shared;
  private final JvmMeters jvm;
  private final LoopLag lag;
  private final List<Gateway> gateways;
  private final int httpPort;
  private final int adminPort;
  private final EventLoop adminLoop;
  volatile Health health = new Health(new StoreHealth(true, true, ""), true, false);

  /** Starts with {@code settings} over the defaults. */
  TestNode(Path data, Map<String, String> settings) {
    this(data, settings, UnaryOperator.identity());
  }

  /** {@code change} has the last word on the HTTP port's options. */
  TestNode(Path data, Map<String, String> settings, UnaryOperator<HttpServerOptions> change) {
    Config config = config(data, settings);
    Metrics metrics = new Metrics(registry);
    StandaloneCluster cluster = new StandaloneCluster(NodeInfo.starting(1, "test"));
    LocalTopics topics = new LocalTopics(cluster);
    store = SqliteStore.open(config.store(), Clock.systemUTC());
    shared = new GatewayShared(config, metrics, Clock.systemUTC(), "test");
    for (int i = 0; i < 2; i++) {
      GatewayVerticle verticle = new GatewayVerticle(i, topics, shared);
      await(vertx.deployVerticle(verticle));
      verticles.add(verticle);
    }
    gateways = verticles.stream().map(GatewayVerticle::gateway).toList();
    Router router = new Router(cluster, topics, gateways, store.messages());
    TokenVerifier verifier =
        config.auth().mode().needsToken() ? TokenVerifier.create(vertx, config.auth()) : null;
    Chat chat =
        new Chat(
            config,
            store,
            router,
            verifier,
            metrics,
            Clock.systemUTC(),
            NodeInfo.starting(1, "test"));
    ServiceTokens tokens = new ServiceTokens(config.auth());
    PublicRoutes routes =
        new PublicRoutes(
            new PrimRoutes(chat.lobby(), new SystemState(router, this), new Bearer(tokens)),
            new WebRoutes(WebFiles.load("/pages"), config.auth().mode()),
            new Gateways(membership(), config));
    int port = 0;
    for (GatewayVerticle verticle : verticles) {
      await(verticle.serve(chat));
      // Vert.x: those who listen to the same negative number share one free port.
      port =
          await(
              verticle.listen(
                  change.apply(HttpOptions.at(config.server(), -1)), routes.router(vertx)));
    }
    httpPort = port;
    jvm = new JvmMeters(registry);
    lag = new LoopLag(registry, gateways.stream().map(Gateway::loop).toList());
    new NodeGauges(registry)
        .connections(this::connections)
        .sessions(() -> sum(Gateway::natives), () -> sum(Gateway::prims))
        .inboxes(
            gateways.stream().map(gateway -> (IntSupplier) gateway.inbox()::size).toList(),
            gateways.stream().map(gateway -> (LongSupplier) gateway.inbox()::refused).toList())
        .store(store::stats);
    AdminVerticle admin =
        new AdminVerticle(
            config.server(),
            new HealthRoutes(router, () -> health),
            new AdminRoutes(chat.logins(), router, tokens, this, () -> DrainProgress.NONE),
            registry);
    await(vertx.deployVerticle(admin));
    adminLoop = admin.loop();
    adminPort = admin.actualPort();
  }

  /** Lets it believe that these are the nodes; its own number is 1. */
  void nodes(NodeInfo... nodes) {
    this.nodes = List.of(nodes);
  }

  private Membership membership() {
    return new Membership() {
      @Override
      public long self() {
        return 1;
      }

      @Override
      public List<NodeInfo> nodes() {
        return nodes;
      }

      @Override
      public void publish(NodeInfo self) {
        throw new AssertionError("a reader does not publish");
      }

      @Override
      public void watch(Watcher watcher) {
        throw new AssertionError("a reader does not watch");
      }
    };
  }

  private static Config config(Path data, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("data", data.toString());
    for (String port : List.of("ws-port", "http-port", "grpc-port", "admin-port")) {
      all.put(port, "0");
    }
    return Config.of(all);
  }

  private int sum(ToIntFunction<Gateway> count) {
    return gateways.stream().mapToInt(count).sum();
  }

  /** The HTTP port. */
  URI http(String path) {
    return URI.create("http://127.0.0.1:" + httpPort + path);
  }

  /** The admin port. */
  URI admin(String path) {
    return URI.create("http://127.0.0.1:" + adminPort + path);
  }

  /** The WebSocket endpoint on the HTTP port. */
  URI webSocket() {
    return URI.create("ws://127.0.0.1:" + httpPort + "/acc");
  }

  int httpPort() {
    return httpPort;
  }

  int adminPort() {
    return adminPort;
  }

  /** The event loop that serves the admin port. */
  EventLoop adminLoop() {
    return adminLoop;
  }

  List<Gateway> gateways() {
    return gateways;
  }

  @Override
  public int connections() {
    return shared.connections();
  }

  @Override
  public Future<List<String>> addresses() {
    return Future.all(verticles.stream().map(GatewayVerticle::addresses).toList())
        .map(all -> all.<List<String>>list().stream().flatMap(List::stream).toList());
  }

  @Override
  public void close() {
    lag.close();
    jvm.close();
    await(vertx.close());
    await(store.close());
  }
}
