package im.parley.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.RawWebSocket;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The HTTP server's meters, which do not see what becomes of a connection taken over. */
class UpgradeMetricsIT {
  @Test
  void anUpgradedConnectionIsNoLongerAnHttpOneAndItsRequestIsDone() throws Exception {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Vertx vertx =
        Vertx.builder()
            .with(
                new VertxOptions()
                    .setMetricsOptions(new MicrometerMetricsOptions().setEnabled(true)))
            .withMetrics(new MicrometerMetricsFactory(registry))
            .build();
    try {
      HttpServer server =
          vertx
              .createHttpServer()
              .requestHandler(
                  request -> {
                    ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
                    WebSocketLoop loop =
                        new WebSocketLoop(context.nettyEventLoop(), EchoServer.options(false));
                    WebSocketUpgrade.accept(request, new EchoConnection(loop));
                  })
              .listen(0, "127.0.0.1")
              .toCompletionStage()
              .toCompletableFuture()
              .get(20, TimeUnit.SECONDS);
      try (RawWebSocket client = RawWebSocket.open(server.actualPort())) {
        client.sendText("up");
        assertThat(client.readText()).isEqualTo("up");
        assertThat(registry.get("vertx.http.server.active.connections").gauge().value()).isZero();
        assertThat(registry.get("vertx.http.server.active.requests").gauge().value()).isZero();
        assertThat(registry.get("vertx.http.server.requests").tag("code", "101").counter().count())
            .isEqualTo(1);
      }
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
  }
}
