package im.parley.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A Vert.x HTTP server on one event loop whose every path upgrades to an {@link EchoConnection}.
 */
final class EchoServer implements AutoCloseable {
  static final int MAX_MESSAGE_BYTES = 1 << 18;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final BlockingQueue<EchoConnection> accepted = new LinkedBlockingQueue<>();
  private final WebSocketOptions options;
  private final HttpServer server;
  private WebSocketLoop loop;

  EchoServer(HttpServerOptions http, WebSocketOptions options) throws Exception {
    this.options = options;
    server =
        vertx.createHttpServer(http.setHost("127.0.0.1").setPort(0)).requestHandler(this::accept);
    server.listen().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  static WebSocketOptions options(boolean compression) {
    return new WebSocketOptions(
        MAX_MESSAGE_BYTES, compression, List.of(), List.of(), 16 * 1024, Duration.ofMillis(300));
  }

  static EchoServer start(boolean compression) throws Exception {
    return new EchoServer(new HttpServerOptions(), options(compression));
  }

  private void accept(HttpServerRequest request) {
    if (loop == null) {
      loop =
          new WebSocketLoop(
              ((ContextInternal) vertx.getOrCreateContext()).nettyEventLoop(), options);
    }
    EchoConnection connection = new EchoConnection(loop);
    if (WebSocketUpgrade.accept(request, connection)) {
      accepted.add(connection);
    }
  }

  int port() {
    return server.actualPort();
  }

  HttpServer http() {
    return server;
  }

  /** The oldest connection not yet taken. */
  EchoConnection connection() throws InterruptedException {
    return accepted.poll(10, TimeUnit.SECONDS);
  }

  EchoConnection pollConnection() {
    return accepted.poll();
  }

  /** Runs a task on the event loop. */
  void onLoop(Runnable task) {
    loop.eventLoop().execute(task);
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
