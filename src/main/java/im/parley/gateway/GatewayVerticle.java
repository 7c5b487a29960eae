package im.parley.gateway;

import im.parley.chat.Chat;
import im.parley.cluster.Elsewhere;
import im.parley.config.AddressBlock;
import im.parley.metrics.Metrics;
import im.parley.session.Gateway;
import im.parley.session.LocalTopics;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * One event loop's gateway: its servers on the WebSocket and HTTP ports, and every connection that
 * they accept on this loop. Deployed once per event loop; it accepts from {@link #listen} on.
 */
public final class GatewayVerticle extends VerticleBase {
  private static final String PATH = "/acc";

  private final int index;
  private final LocalTopics topics;
  private final GatewayShared shared;
  private Gateway gateway;
  private ClientLoop loop;
  private final List<HttpServer> servers = new ArrayList<>();

  /** {@code index} is the gateway's number on this node, from 0. */
  public GatewayVerticle(int index, LocalTopics topics, GatewayShared shared) {
    this.index = index;
    this.topics = topics;
    this.shared = shared;
  }

  @Override
  public Future<?> start() {
    EventLoop eventLoop = ((ContextInternal) context).nettyEventLoop();
    gateway = new Gateway(index, eventLoop, topics);
    return Future.succeededFuture();
  }

  /** The gateway; there after the deployment. */
  public Gateway gateway() {
    return gateway;
  }

  /** Gives the verticle the use cases; before {@link #listen}. */
  public Future<Void> serve(Chat chat) {
    return onContext(
        () -> {
          loop = new ClientLoop(gateway, chat, shared);
          vertx.setPeriodic(1000, timer -> loop.tick());
          return Future.succeededFuture();
        });
  }

  /**
   * Accepts on the port of {@code options}, where 0 takes a free one.
   *
   * @param others takes what is not for the WebSocket path
   * @return the port taken; fails when it cannot be bound
   */
  public Future<Integer> listen(HttpServerOptions options, Handler<HttpServerRequest> others) {
    return onContext(
        () -> {
          HttpServer server =
              vertx
                  .createHttpServer(options)
                  .connectionHandler(opened -> loop.deadlines().opened(opened, loop.now()))
                  .requestHandler(request -> handle(request, others))
                  .invalidRequestHandler(HttpServerRequest.DEFAULT_INVALID_REQUEST_HANDLER);
          return server
              .listen()
              .map(
                  listening -> {
                    servers.add(listening);
                    return listening.actualPort();
                  });
        });
  }

  /** Open connections' remote addresses. */
  public Future<List<String>> addresses() {
    return onContext(
        () -> {
          List<String> addresses = new ArrayList<>();
          loop.ring().forEach(connection -> addresses.add(connection.remote()));
          return Future.succeededFuture(addresses);
        });
  }

  /**
   * Empties the gateway: no new connections, clients are told when and where to go, and closed in
   * random order, evenly over {@code spread}. Completes when the last close has been started.
   */
  public Future<Void> drain(Duration spread, Elsewhere elsewhere) {
    return onContext(
        () -> {
          loop.drain();
          return new Drain(loop, spread, elsewhere).run();
        });
  }

  @Override
  public Future<?> stop() {
    return Future.join(servers.stream().map(HttpServer::close).toList())
        .eventually(
            () -> {
              if (loop != null) {
                loop.frames().release();
                loop.close();
              }
              return Future.succeededFuture();
            });
  }

  private void handle(HttpServerRequest request, Handler<HttpServerRequest> others) {
    loop.deadlines().requested(request.connection(), loop.now());
    if (!PATH.equals(request.path())) {
      others.handle(request);
      return;
    }
    Metrics metrics = shared.metrics();
    InetSocketAddress client = forwarded(request);
    ConnectionLimits.Verdict verdict =
        loop.draining()
            ? ConnectionLimits.Verdict.NODE_FULL
            : shared.limits().check(() -> address(request, client));
    switch (verdict) {
      case ACCEPT -> {
        ClientConnection connection =
            client == null ? new ClientConnection(loop) : new ForwardedConnection(loop, client);
        if (WebSocketUpgrade.accept(request, connection)) {
          loop.deadlines().upgraded(request.connection());
        }
      }
      case NODE_FULL -> {
        metrics.connectionsRefused.increment();
        refuse(request, 503, "this node takes no more connections");
      }
      case ADDRESS_FULL -> {
        metrics.addressRefused.increment();
        // RFC 6585 §4: another node would not help, so a proxy must not ask one.
        refuse(request, 429, "your address has too many connections");
      }
    }
  }

  /** The client that a trusted proxy speaks for, or null. */
  private InetSocketAddress forwarded(HttpServerRequest request) {
    List<AddressBlock> trusted = shared.config().server().trustedProxies();
    return trusted.isEmpty()
        ? null
        : Forwarded.client(
            address(request, null), request.headers().getAll(Forwarded.HEADER), trusted);
  }

  private static InetAddress address(HttpServerRequest request, InetSocketAddress client) {
    return client == null
        ? new InetSocketAddress(request.remoteAddress().hostAddress(), 0).getAddress()
        : client.getAddress();
  }

  private static void refuse(HttpServerRequest request, int status, String why) {
    String seconds =
        Integer.toString(1 + ThreadLocalRandom.current().nextInt(10)); // spread those who come back
    request.response().setStatusCode(status).putHeader("Retry-After", seconds).end(why + "\n");
  }

  /** Answers as prim does where there is nothing. */
  public static void notFound(HttpServerRequest request) {
    request
        .response()
        .setStatusCode(404)
        .putHeader("Content-Type", "text/plain")
        .end("404 page not found");
  }

  private <T> Future<T> onContext(Supplier<Future<T>> task) {
    Promise<T> promise = Promise.promise();
    // What throws in there fails the future; else nobody would ever hear of it.
    context.runOnContext(
        ignored -> Future.succeededFuture().compose(go -> task.get()).onComplete(promise));
    return promise.future();
  }
}
