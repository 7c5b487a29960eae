package im.parley.gateway;

import im.parley.cluster.Elsewhere;
import im.parley.protocol.CloseCode;
import im.parley.protocol.Push;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Sends the connections of one event loop away: tells the native ones when they will be closed and
 * where to go, and closes all of them in random order, evenly over a time. Works in slices, between
 * which sockets are looked at, and by the clock: what took long is caught up with. Event loop only.
 */
final class Drain {
  private static final long STEP_MS = 50;
  private static final int SLICE = 256;

  private final ClientLoop loop;
  private final Elsewhere elsewhere;
  private final List<ClientConnection> connections = new ArrayList<>(); // served from the end
  private final int all;
  private final int perStep;
  private final long startNanos = System.nanoTime();
  private final Promise<Void> done = Promise.promise();
  private int untold; // the first so many

  // Those that are closed together and go to the same node share one push.
  private final Map<String, Push> shared = new HashMap<>();
  private int sharedStep = -1;

  Drain(ClientLoop loop, Duration spread, Elsewhere elsewhere) {
    this.loop = loop;
    this.elsewhere = elsewhere;
    loop.ring().forEach(connections::add);
    Collections.shuffle(connections, ThreadLocalRandom.current());
    all = connections.size();
    perStep = (int) (all / Math.max(1, spread.toMillis() / STEP_MS) + 1);
    untold = all;
  }

  /** Completes when the last close has been started, or nobody is left. */
  Future<Void> run() {
    slice();
    return done.future();
  }

  private void slice() {
    try {
      tell();
      close();
    } finally {
      // Whatever a connection does, the drain goes on and ends.
      if (connections.isEmpty() || loop.limits().connections() == 0) {
        done.complete();
      } else {
        long delay = untold > 0 || isDue() ? 0 : STEP_MS;
        loop.eventLoop().schedule(this::slice, delay, TimeUnit.MILLISECONDS);
      }
    }
  }

  private void tell() {
    for (int i = 0; i < SLICE && untold > 0; i++) {
      ClientConnection connection = connections.get(--untold);
      if (connection.isNative()) {
        connection.send(push(stepOf(untold)));
      }
    }
  }

  private Push push(int step) {
    if (step != sharedStep) {
      sharedStep = step;
      shared.clear();
    }
    return shared.computeIfAbsent(
        elsewhere.next(), gateway -> push(Math.max(0, step * STEP_MS - elapsedMs()), gateway));
  }

  private static Push push(long after, String gateway) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("afterMs", after);
    if (gateway != null) {
      data.put("gateway", gateway);
    }
    return Push.of("drain", "", data);
  }

  private void close() {
    for (int i = 0; i < SLICE && isDue(); i++) {
      ClientConnection connection = connections.remove(connections.size() - 1);
      connection.disconnect(connection.isNative() ? CloseCode.DRAINING : CloseCode.GOING_AWAY);
    }
  }

  /** Whether the next one was told and its step has come. */
  private boolean isDue() {
    int next = connections.size() - 1;
    return next >= untold && stepOf(next) <= elapsedMs() / STEP_MS;
  }

  private int stepOf(int index) {
    return (all - 1 - index) / perStep;
  }

  private long elapsedMs() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
  }
}
