package im.parley;

import im.parley.auth.ServiceTokens;
import im.parley.auth.TokenVerifier;
import im.parley.chat.Chat;
import im.parley.cluster.Cluster;
import im.parley.cluster.ClusterStart;
import im.parley.cluster.ClusterUnusable;
import im.parley.cluster.NodeInfo;
import im.parley.config.Config;
import im.parley.config.ConfigException;
import im.parley.config.ServerConfig;
import im.parley.config.StoreConfig;
import im.parley.gateway.GatewayShared;
import im.parley.gateway.GatewayVerticle;
import im.parley.grpc.GrpcVerticle;
import im.parley.http.AdminRoutes;
import im.parley.http.AdminVerticle;
import im.parley.http.ConnectionCensus;
import im.parley.http.Gateways;
import im.parley.http.Health;
import im.parley.http.HealthRoutes;
import im.parley.http.HttpOptions;
import im.parley.http.PublicRoutes;
import im.parley.metrics.Metrics;
import im.parley.session.Inbox;
import im.parley.session.LocalTopics;
import im.parley.session.Router;
import im.parley.store.Store;
import im.parley.store.StoreUnusable;
import im.parley.store.redis.RedisStore;
import im.parley.store.sqlite.SqliteStore;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One node: what starts and stops, in which order. Starts the store, then the event loops, then the
 * ports, so that nothing is taken in before it can be kept; stops in the reverse order.
 */
public final class Node {
  private final Config config;
  private final NodeInfo self;
  private final Cluster cluster;
  private final Store store;
  private final Vertx vertx;
  private final NodeMeters meters;
  private final List<GatewayVerticle> gateways = new ArrayList<>();
  private final List<Integer> wsPorts = new ArrayList<>();
  private final Clock clock;
  private int httpPort;
  private int grpcPort;
  private int adminPort;
  private int freePort =
      -1; // Vert.x: verticles that listen to the same negative number share one free port
  private volatile boolean listening;
  private NodeDrain drain;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final Promise<Void> stopped = Promise.promise();

  private Node(
      Config config,
      NodeInfo self,
      ClusterStart start,
      Store store,
      NodeMeters meters,
      Clock clock) {
    this.clock = clock;
    this.meters = meters;
    this.config = config;
    this.self = self;
    this.cluster = start.cluster();
    this.store = store;
    this.vertx = start.vertx();
  }

  /**
   * Starts a node. Blocks while its cluster is looked for and the store opens; the future completes
   * when all ports listen. When something cannot be had it fails, and nothing of the node is left
   * by then.
   */
  public static Future<Node> start(Config config) {
    return start(config, Clock.systemUTC());
  }

  /** The same with another clock for ids, times of messages and connections; not for tokens. */
  public static Future<Node> start(Config config, Clock clock) {
    NodeInfo self = NodeInfo.starting(number(), SelfReport.version());
    NodeMeters meters = new NodeMeters();
    ClusterStart start;
    Store store;
    try {
      start = begin(config, self, meters);
      store = store(config.store(), start);
    } catch (ConfigException | ClusterUnusable | StoreUnusable unusable) {
      meters.close();
      return Future.failedFuture(unusable);
    }
    Node node = new Node(config, self, start, store, meters, clock);
    Promise<Node> started =
        Promise.promise(); // of no event loop, since those are gone after a failure
    Future.succeededFuture()
        .compose(go -> node.open())
        .onSuccess(opened -> started.complete(node))
        .onFailure(failure -> node.close().onComplete(closed -> started.fail(failure)));
    return started.future();
  }

  private static Store store(StoreConfig config, ClusterStart start) {
    try {
      return config.isRedis()
          ? RedisStore.open(start.vertx(), config, Clock.systemUTC())
          : SqliteStore.open(config, Clock.systemUTC(), Inbox::batch);
    } catch (RuntimeException e) {
      start.close().toCompletionStage().toCompletableFuture().join();
      throw e;
    }
  }

  private static long number() {
    long number = new SecureRandom().nextLong();
    return number == 0 ? 1 : number;
  }

  private static ClusterStart begin(Config config, NodeInfo self, NodeMeters meters) {
    Transport transport =
        ListeningTransport.on(NodeTransport.of(config.server().transport()), meters.metrics());
    VertxOptions options = new VertxOptions().setEventLoopPoolSize(loops(config.server()));
    return ClusterStart.begin(config.cluster(), self, options, transport, meters.registry());
  }

  private static int loops(ServerConfig config) {
    int loops =
        config.eventLoops() == 0 ? Runtime.getRuntime().availableProcessors() : config.eventLoops();
    return Math.min(loops, LocalTopics.MAX_GATEWAYS);
  }

  private Future<Void> open() {
    LocalTopics topics = new LocalTopics(cluster.directory());
    Metrics metrics = meters.metrics();
    GatewayShared shared = new GatewayShared(config, metrics, clock, self.name());
    meters.watch(cluster.membership());
    int loops = loops(config.server());
    for (int i = 0; i < loops; i++) {
      gateways.add(new GatewayVerticle(i, topics, shared));
    }
    drain =
        new NodeDrain(
            config.server().drain(), vertx, gateways, shared::connections, cluster.membership());
    Iterator<GatewayVerticle> each = gateways.iterator();
    return vertx
        .deployVerticle(each::next, new DeploymentOptions().setInstances(loops))
        .compose(
            deployed -> {
              Router router =
                  new Router(
                      cluster,
                      topics,
                      gateways.stream().map(GatewayVerticle::gateway).toList(),
                      store.messages());
              Chat chat = new Chat(config, store, router, verifier(), metrics, clock, self);
              if (cluster.isShared()) {
                meters.watch(router.readings());
              }
              meters.watch(router.gateways(), shared::connections, drain::hasBegun, store::stats);
              Gateways others = new Gateways(cluster.membership(), config);
              return all(gateway -> gateway.serve(chat))
                  .compose(served -> cluster.open())
                  .compose(served -> listen(chat, router, new Census(shared, gateways), others))
                  .onSuccess(opened -> report(shared));
            })
        .onSuccess(opened -> listening = true);
  }

  private void report(GatewayShared shared) {
    SelfReport report =
        new SelfReport(
            self, config, wsPorts.get(0), httpPort, shared::connections, drain::hasBegun);
    report.begin(vertx, cluster.membership());
  }

  private TokenVerifier verifier() {
    return config.auth().mode().needsToken() ? TokenVerifier.create(vertx, config.auth()) : null;
  }

  private Future<Void> listen(Chat chat, Router router, ConnectionCensus census, Gateways others) {
    ServiceTokens tokens = new ServiceTokens(config.auth());
    PublicRoutes routes =
        new PublicRoutes(chat.lobby(), router, tokens, config.auth().mode(), census, others);
    AdminVerticle admin =
        new AdminVerticle(
            config.server(),
            new HealthRoutes(router, this::health),
            new AdminRoutes(chat.logins(), router, tokens, census, drain::progress),
            meters.registry());
    ServerConfig server = config.server();
    Future<Void> ports = Future.succeededFuture();
    for (int port : server.wsPorts()) {
      ports =
          ports.compose(
              before ->
                  bound("ws-port", port, listen(port, () -> GatewayVerticle::notFound))
                      .onSuccess(wsPorts::add)
                      .mapEmpty());
    }
    return ports
        .compose(
            before ->
                bound(
                    "http-port",
                    server.httpPort(),
                    listen(server.httpPort(), () -> routes.router(vertx))))
        .onSuccess(port -> httpPort = port)
        .compose(before -> bound("admin-port", server.adminPort(), vertx.deployVerticle(admin)))
        .onSuccess(deployed -> adminPort = admin.actualPort())
        .compose(before -> bound("grpc-port", server.grpcPort(), listenGrpc(chat, tokens)));
  }

  /** Says in a failure which port could not be had, and by which setting it is another. */
  private <T> Future<T> bound(String key, int port, Future<T> listening) {
    return listening.recover(
        failure ->
            Future.failedFuture(
                new IOException(
                    "%s %d on %s cannot be listened on: %s"
                        .formatted(key, port, config.server().bind(), failure.getMessage()),
                    failure)));
  }

  private Future<Void> listenGrpc(Chat chat, ServiceTokens tokens) {
    List<GrpcVerticle> instances = new ArrayList<>();
    for (int i = 0; i < gateways.size(); i++) {
      instances.add(
          new GrpcVerticle(config.server(), chat, tokens, () -> store.health().writable()));
    }
    Iterator<GrpcVerticle> each = instances.iterator();
    return vertx
        .deployVerticle(each::next, new DeploymentOptions().setInstances(instances.size()))
        .onSuccess(deployed -> grpcPort = instances.get(0).actualPort())
        .mapEmpty();
  }

  /** All gateways accept on one port; each has its own handler for what is no WebSocket. */
  private Future<Integer> listen(int port, Supplier<Handler<HttpServerRequest>> others) {
    HttpServerOptions options = HttpOptions.at(config.server(), port == 0 ? freePort-- : port);
    return Future.join(
            gateways.stream().map(gateway -> gateway.listen(options, others.get())).toList())
        .map(taken -> taken.<Integer>resultAt(0));
  }

  private Future<Void> all(Function<GatewayVerticle, Future<Void>> step) {
    return Future.join(gateways.stream().map(step).toList()).mapEmpty();
  }

  private Health health() {
    return new Health(store.health(), listening, drain.hasBegun());
  }

  /**
   * Stops in order: readiness fails, then no new connections and clients are sent away, what was
   * accepted is stored, everything closed. Completes when nothing of it runs any more, and fails
   * then if something did not close in order. Asked again, it answers as the first time.
   */
  public Future<Void> stop() {
    if (stopping.compareAndSet(false, true)) {
      drain.run().transform(drained -> close()).onComplete(stopped);
    }
    return stopped.future();
  }

  /** Closes everything, on a thread of its own, because the event loops end with it. */
  private Future<Void> close() {
    Promise<Void> done = Promise.promise();
    // A step that throws fails the chain and does not end it.
    Runnable closing =
        () ->
            Future.succeededFuture()
                .compose(go -> cluster.leave())
                .transform(
                    left ->
                        Future.join(vertx.deploymentIDs().stream().map(vertx::undeploy).toList()))
                .transform(undeployed -> store.close())
                .eventually(vertx::close)
                .eventually(
                    () -> {
                      meters.close();
                      return Future.succeededFuture();
                    })
                .onComplete(done);
    new Thread(closing, "node-closer").start();
    return done.future();
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
    return grpcPort;
  }

  /** The admin port taken. */
  public int adminPort() {
    return adminPort;
  }

  private record Census(GatewayShared shared, List<GatewayVerticle> gateways)
      implements ConnectionCensus {
    @Override
    public int connections() {
      return shared.connections();
    }

    @Override
    public Future<List<String>> addresses() {
      return Future.all(gateways.stream().map(GatewayVerticle::addresses).toList())
          .map(all -> all.<List<String>>list().stream().flatMap(Collection::stream).toList());
    }
  }
}
