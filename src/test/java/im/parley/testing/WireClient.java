package im.parley.testing;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A WebSocket client that knows nothing of the protocol: it writes what it is given and queues what
 * comes.
 */
public final class WireClient implements AutoCloseable, WebSocket.Listener {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final StringBuilder partial = new StringBuilder();
  private final WebSocket socket;

  /** Connects; fails when the upgrade is refused. */
  public WireClient(URI endpoint) {
    socket = HTTP.newWebSocketBuilder().connectTimeout(DEADLINE).buildAsync(endpoint, this).join();
  }

  /** Something that came from the server. */
  public sealed interface Event {}

  /** A whole text message. */
  public record Text(String text) implements Event {}

  /** A pong with its payload. */
  public record Pong(String payload) implements Event {}

  /** The end of the connection; 1006 without a close frame. */
  public record Closed(int code, String reason) implements Event {}

  /** Sends a text message. */
  public void sendText(String text) {
    socket.sendText(text, true).join();
  }

  /** Sends {@code text} in a binary message. */
  public void sendBinary(String text) {
    socket.sendBinary(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), true).join();
  }

  /** Sends a control ping. */
  public void sendPing(String payload) {
    socket.sendPing(ByteBuffer.wrap(payload.getBytes(StandardCharsets.UTF_8))).join();
  }

  /** Sends a close frame; the server's answer arrives as {@link Closed}. */
  public void sendClose(int code) {
    socket.sendClose(code, "").join();
  }

  /** The next event, or null when none comes within the deadline. */
  public Event next(Duration deadline) {
    try {
      return events.poll(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a frame", e);
    }
  }

  @Override
  public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      events.add(new Text(partial.toString()));
      partial.setLength(0);
    }
    webSocket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
    events.add(new Pong(StandardCharsets.UTF_8.decode(message).toString()));
    webSocket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
    events.add(new Closed(statusCode, reason));
    return null;
  }

  @Override
  public void onError(WebSocket webSocket, Throwable error) {
    // RFC 6455 §7.1.5: 1006 stands for a connection that ended without a close frame.
    events.add(new Closed(1006, String.valueOf(error.getMessage())));
  }

  @Override
  public void close() {
    socket.abort();
  }
}
