package im.parley.auth;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real HTTP server on loopback that answers with what a test wants and counts how often it was
 * asked.
 */
final class KeyServer {
  final AtomicInteger asked = new AtomicInteger();
  volatile Handler<HttpServerRequest> answer;

  private final Vertx vertx;
  private HttpServer server;
  private int port;

  KeyServer(Vertx vertx) {
    this.vertx = vertx;
    start();
  }

  void start() {
    server =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  asked.incrementAndGet();
                  answer.handle(request);
                })
            .listen(port, "127.0.0.1")
            .await();
    port = server.actualPort();
  }

  void stop() {
    server.close().await();
  }

  void serve(String body) {
    answer = request -> request.response().end(body);
  }

  String url() {
    return "http://127.0.0.1:" + port + "/keys";
  }
}
