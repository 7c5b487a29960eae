package im.parley.gateway;

import im.parley.chat.Chat;
import im.parley.metrics.Metrics;
import im.parley.protocol.CloseCode;
import im.parley.protocol.Push;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * One event loop's gateway: its servers on the WebSocket and HTTP ports, and every connection that
 * they accept on this loop. Deployed once per event loop; it accepts from {@link #listen} on.
 */
public final class GatewayVerticle extends VerticleBase {
  private static final String PATH = "/acc";
  private static final long DRAIN_STEP_MS = 50;

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
   * Empties the gateway: no new connections, clients are told when to come back, and closed in
   * random order spread over {@code grace}. Completes when the last close has been started.
   */
  public Future<Void> drain(Duration grace) {
    return onContext(
        () -> {
          loop.drain();
          List<ClientConnection> connections = new ArrayList<>();
          loop.ring().forEach(connections::add);
          Collections.shuffle(connections, ThreadLocalRandom.current());
          long steps = Math.max(1, grace.toMillis() / DRAIN_STEP_MS);
          int count = (int) (connections.size() / steps + 1);
          tellWhen(connections, count);
          Promise<Void> done = Promise.promise();
          closeSome(connections, count, done);
          return done.future();
        });
  }

  /** They are closed from the end. Those that are closed together share one push. */
  private static void tellWhen(List<ClientConnection> connections, int count) {
    Push push = null;
    long told = -1;
    for (int i = 0; i < connections.size(); i++) {
      long after = (connections.size() - 1 - i) / count * DRAIN_STEP_MS;
      if (after != told) {
        push = Push.of("drain", "", Map.of("afterMs", after, "gateways", List.of()));
        told = after;
      }
      if (connections.get(i).isNative()) {
        connections.get(i).send(push);
      }
    }
  }

  private void closeSome(List<ClientConnection> connections, int count, Promise<Void> done) {
    try {
      for (int i = 0; i < count && !connections.isEmpty(); i++) {
        ClientConnection connection = connections.remove(connections.size() - 1);
        connection.disconnect(connection.isNative() ? CloseCode.DRAINING : CloseCode.GOING_AWAY);
      }
    } finally {
      // Whatever a connection does, the drain goes on and ends.
      if (connections.isEmpty()) {
        done.complete();
      } else {
        vertx.setTimer(DRAIN_STEP_MS, timer -> closeSome(connections, count, done));
      }
    }
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
    ConnectionLimits.Verdict verdict =
        loop.draining()
            ? ConnectionLimits.Verdict.NODE_FULL
            : shared.limits().check(request.remoteAddress().hostAddress());
    switch (verdict) {
      case ACCEPT -> {
        if (WebSocketUpgrade.accept(request, new ClientConnection(loop))) {
          loop.deadlines().upgraded(request.connection());
        }
      }
      case NODE_FULL -> {
        metrics.connectionsRefused.increment();
        unavailable(request, "this node takes no more connections");
      }
      case ADDRESS_FULL -> {
        metrics.addressRefused.increment();
        unavailable(request, "your address has too many connections");
      }
    }
  }

  private static void unavailable(HttpServerRequest request, String why) {
    String seconds =
        Integer.toString(1 + ThreadLocalRandom.current().nextInt(10)); // spread those who come back
    request.response().setStatusCode(503).putHeader("Retry-After", seconds).end(why + "\n");
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
