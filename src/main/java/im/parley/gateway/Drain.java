package im.parley.gateway;

import im.parley.cluster.Elsewhere;
import im.parley.protocol.CloseCode;
import im.parley.protocol.Push;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Sends the connections of one event loop away: tells the native ones when they will be closed and
 * where to go, and closes all of them in random order, evenly over a time. Event loop only.
 */
final class Drain {
  private static final long STEP_MS = 50;

  private final ClientLoop loop;
  private final Vertx vertx;
  private final List<ClientConnection> connections = new ArrayList<>(); // closed from the end
  private final int perStep;
  private final Promise<Void> done = Promise.promise();

  Drain(ClientLoop loop, Vertx vertx, Duration spread) {
    this.loop = loop;
    this.vertx = vertx;
    loop.ring().forEach(connections::add);
    Collections.shuffle(connections, ThreadLocalRandom.current());
    long steps = Math.max(1, spread.toMillis() / STEP_MS);
    perStep = (int) (connections.size() / steps + 1);
  }

  /** Completes when the last close has been started, or nobody is left. */
  Future<Void> run(Elsewhere elsewhere) {
    tell(elsewhere);
    step();
    return done.future();
  }

  /** Those that are closed together and go to the same node share one push. */
  private void tell(Elsewhere elsewhere) {
    Map<String, Push> shared = new HashMap<>();
    long told = -1;
    for (int i = 0; i < connections.size(); i++) {
      if (connections.get(i).isNative()) {
        long after = (connections.size() - 1 - i) / perStep * STEP_MS;
        if (after != told) {
          told = after;
          shared.clear();
        }
        Push push = shared.computeIfAbsent(elsewhere.next(), gateway -> push(after, gateway));
        connections.get(i).send(push);
      }
    }
  }

  private static Push push(long after, String gateway) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("afterMs", after);
    if (gateway != null) {
      data.put("gateway", gateway);
    }
    return Push.of("drain", "", data);
  }

  private void step() {
    try {
      for (int i = 0; i < perStep && !connections.isEmpty(); i++) {
        ClientConnection connection = connections.remove(connections.size() - 1);
        connection.disconnect(connection.isNative() ? CloseCode.DRAINING : CloseCode.GOING_AWAY);
      }
    } finally {
      // Whatever a connection does, the drain goes on and ends.
      if (connections.isEmpty() || loop.limits().connections() == 0) {
        done.complete();
      } else {
        vertx.setTimer(STEP_MS, timer -> step());
      }
    }
  }
}
