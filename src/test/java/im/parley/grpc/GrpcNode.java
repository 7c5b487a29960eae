package im.parley.grpc;

import static im.parley.testing.Waiting.await;

import im.parley.auth.ServiceTokens;
import im.parley.chat.Chat;
import im.parley.chat.LoginRequest;
import im.parley.cluster.NodeInfo;
import im.parley.cluster.StandaloneCluster;
import im.parley.config.Config;
import im.parley.metrics.Metrics;
import im.parley.session.Gateway;
import im.parley.session.LocalTopics;
import im.parley.session.Router;
import im.parley.store.sqlite.SqliteStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/**
 * A node with a store, two gateways and a gRPC port on two event loops, but no sockets for clients.
 */
final class GrpcNode implements AutoCloseable {
  final Vertx vertx = Vertx.vertx();
  final SqliteStore store;
  final Router router;
  final Chat chat;
  final AtomicBoolean writable = new AtomicBoolean(true);
  private final AtomicBoolean storeOpen = new AtomicBoolean(true);
  final List<GrpcVerticle> verticles = new CopyOnWriteArrayList<>();
  final String deployment;

  GrpcNode(Path data, Map<String, String> settings) {
    Map<String, String> values = new HashMap<>(settings);
    values.put("data", data.toString());
    values.put("grpc-port", "0");
    values.putIfAbsent("sessions.offline-grace", "0s");
    Config config = Config.of(values);
    store = SqliteStore.open(config.store(), Clock.systemUTC());
    StandaloneCluster cluster = new StandaloneCluster(NodeInfo.starting(7, "test"));
    LocalTopics topics = new LocalTopics(cluster);
    VertxInternal loops = (VertxInternal) vertx;
    router =
        new Router(
            cluster,
            topics,
            IntStream.range(0, 2)
                .mapToObj(i -> new Gateway(i, loops.nettyEventLoopGroup().next(), topics))
                .toList(),
            store.messages());
    chat =
        new Chat(
            config,
            store,
            router,
            null,
            new Metrics(new SimpleMeterRegistry()),
            Clock.systemUTC(),
            NodeInfo.starting(7, "test"));
    ServiceTokens tokens = new ServiceTokens(config.auth());
    deployment =
        await(
            vertx.deployVerticle(
                () -> {
                  GrpcVerticle verticle =
                      new GrpcVerticle(config.server(), chat, tokens, writable::get);
                  verticles.add(verticle);
                  return verticle;
                },
                new DeploymentOptions().setInstances(2)));
  }

  SocketAddress address() {
    return SocketAddress.inetSocketAddress(verticles.get(0).actualPort(), "127.0.0.1");
  }

  /** Logs a native client in, on a gateway. */
  Device login(int gateway, String user, String platform) {
    return login(gateway, new LoginRequest(user, platform, "", null, true, null));
  }

  /** Logs a client of prim's in, on a gateway. */
  Device loginPrim(int gateway, String user, int app) {
    return login(gateway, new LoginRequest(user, Integer.toString(app), "", null, false, null));
  }

  /** Ends a client's session, as when its socket closes. */
  void leave(Device device) {
    onLoop(
        device.gateway,
        () -> {
          chat.logins().end(device.gateway, device.session);
          // No grace is set: the sweep tells at once.
          chat.presence().sweep(device.gateway, 0);
          return null;
        });
  }

  private Device login(int index, LoginRequest request) {
    Device device = new Device();
    device.gateway = router.gateways().get(index);
    Future<Future<?>> begun =
        later(
            device.gateway,
            () ->
                chat.logins()
                    .login(device.gateway, device, request)
                    .onSuccess(session -> device.session = session));
    await(await(begun));
    return device;
  }

  private static <T> T onLoop(Gateway gateway, Callable<T> task) {
    return await(later(gateway, task));
  }

  private static <T> Future<T> later(Gateway gateway, Callable<T> task) {
    Promise<T> promise = Promise.promise();
    gateway
        .loop()
        .execute(
            () -> {
              try {
                promise.complete(task.call());
              } catch (Exception e) {
                promise.fail(e);
              }
            });
    return promise.future();
  }

  /** Takes the store away, for good. */
  void closeStore() {
    if (storeOpen.getAndSet(false)) {
      await(store.close());
    }
  }

  @Override
  public void close() {
    await(vertx.close());
    closeStore();
  }
}
