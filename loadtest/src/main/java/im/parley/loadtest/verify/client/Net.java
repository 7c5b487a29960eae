package im.parley.loadtest.verify.client;

import im.parley.loadtest.verify.history.Recorder;
import im.parley.loadtest.wire.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.time.Duration;
import java.util.Random;

/**
 * What devices share: one event loop, the way to connect, the history, the dice. Owned by a run.
 */
final class Net {
  private static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(500);
  private static final int MAX_DOUBLINGS = 16;

  private final Vertx vertx;
  private final ClientSettings settings;
  private final Recorder recorder;
  private final Random random;
  private final WebSocketClient client;

  Net(Vertx vertx, ClientSettings settings, Recorder recorder, Random random) {
    this.vertx = vertx;
    this.settings = settings;
    this.recorder = recorder;
    this.random = random;
    this.client =
        vertx.createWebSocketClient(
            new WebSocketClientOptions()
                .setMaxConnections(1_000_000)
                .setMaxFrameSize(MAX_MESSAGE_BYTES)
                .setMaxMessageSize(MAX_MESSAGE_BYTES)
                .setConnectTimeout((int) settings.patience().toMillis())
                // Whoever closes does not wait for the other side.
                .setClosingTimeout(1));
  }

  Future<WebSocket> connect(Target target) {
    return client.connect(
        new WebSocketConnectOptions()
            .setHost(target.host())
            .setPort(target.port())
            .setURI(target.path())
            .setTimeout(settings.patience().toMillis()));
  }

  /** A random time up to a limit that doubles with each attempt, as the protocol asks. */
  long backoffMillis(int attempt) {
    long limit = FIRST_BACKOFF.toMillis() << Math.min(attempt, MAX_DOUBLINGS);
    return 1 + random.nextLong(Math.min(settings.longestBackoff().toMillis(), limit));
  }

  /** What a retryable error asks to wait, and a random part of it. */
  long retryMillis(ErrorReply error) {
    int wait = Math.max(1, error.retryAfterMs());
    return wait + random.nextInt(wait + 1);
  }

  /** Another one than {@code current}, if there is another. */
  int otherTarget(int current) {
    int all = settings.targets().size();
    return all == 1 ? current : (current + 1 + random.nextInt(all - 1)) % all;
  }

  Vertx vertx() {
    return vertx;
  }

  ClientSettings settings() {
    return settings;
  }

  Recorder recorder() {
    return recorder;
  }

  Random random() {
    return random;
  }
}
