package im.parley.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.LeakWatch;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that others wrote: the JDK's, and Vert.x's with and without compression. */
@ExtendWith(LeakWatch.class)
class InteropIT {
  private static EchoServer server;

  @BeforeAll
  static void start() throws Exception {
    server = EchoServer.start(true);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  void theJdksClientTalksFragmentsPingsAndClose() throws Exception {
    CompletableFuture<String> text = new CompletableFuture<>();
    CompletableFuture<ByteBuffer> pong = new CompletableFuture<>();
    CompletableFuture<Integer> closed = new CompletableFuture<>();
    java.net.http.WebSocket.Listener listener =
        new java.net.http.WebSocket.Listener() {
          private final StringBuilder parts = new StringBuilder();

          @Override
          public CompletionStage<?> onText(
              java.net.http.WebSocket socket, CharSequence data, boolean last) {
            parts.append(data);
            if (last) {
              text.complete(parts.toString());
            }
            socket.request(1);
            return null;
          }

          @Override
          public CompletionStage<?> onPong(java.net.http.WebSocket socket, ByteBuffer message) {
            pong.complete(message);
            socket.request(1);
            return null;
          }

          @Override
          public CompletionStage<?> onClose(
              java.net.http.WebSocket socket, int code, String reason) {
            closed.complete(code);
            return null;
          }
        };
    java.net.http.WebSocket client =
        await(
            HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://localhost:" + server.port() + "/acc"), listener));
    await(client.sendText("汉".repeat(5000), false));
    await(client.sendPing(ByteBuffer.wrap(new byte[] {1, 2, 3})));
    await(client.sendText("end", true));
    assertThat(await(pong)).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    assertThat(await(text)).isEqualTo("汉".repeat(5000) + "end");
    await(client.sendClose(1000, "done"));
    assertThat(await(closed)).isEqualTo(1000);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theVertxClientTalksWithAndWithoutCompression(boolean compression) throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      WebSocketClient client =
          vertx.createWebSocketClient(
              new WebSocketClientOptions()
                  .setTryUsePerMessageCompression(compression)
                  .setCompressionAllowClientNoContext(true)
                  .setCompressionRequestServerNoContext(true)
                  .setMaxMessageSize(EchoServer.MAX_MESSAGE_BYTES)
                  .setMaxFrameSize(EchoServer.MAX_MESSAGE_BYTES));
      WebSocket socket =
          await(client.connect(server.port(), "localhost", "/acc").toCompletionStage());
      for (int size : new int[] {10, 1000, 100_000}) {
        CompletableFuture<String> echo = new CompletableFuture<>();
        socket.textMessageHandler(echo::complete);
        socket.writeTextMessage("message ".repeat(size / 8));
        assertThat(await(echo)).isEqualTo("message ".repeat(size / 8));
        CompletableFuture<Buffer> bytes = new CompletableFuture<>();
        socket.binaryMessageHandler(bytes::complete);
        socket.writeBinaryMessage(Buffer.buffer(new byte[size]));
        assertThat(await(bytes).length()).isEqualTo(size);
      }
      CompletableFuture<Void> ended = new CompletableFuture<>();
      socket.closeHandler(ended::complete);
      socket.writeTextMessage("!close");
      await(ended);
      assertThat(socket.closeStatusCode()).isEqualTo((short) 4500);
    } finally {
      await(vertx.close().toCompletionStage());
    }
  }
}
