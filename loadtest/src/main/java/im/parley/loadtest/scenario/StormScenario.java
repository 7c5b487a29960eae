package im.parley.loadtest.scenario;

import im.parley.loadtest.measure.Counter;
import im.parley.loadtest.measure.Metric;
import im.parley.loadtest.wire.Connection;
import im.parley.loadtest.wire.Reply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/**
 * All connections drop at one moment, as when a node or a network dies, then each comes back, logs
 * in and syncs. Counted is every message of the backlog that its sync brings. With {@code --kill}
 * their node dies, and they come back to others.
 */
final class StormScenario extends Scenario {
  static final String BACKLOG = "backlog";
  static final String STORM = "storm";

  private static final int OK = 200;
  private static final byte[] MORE = "\"more\":true".getBytes(StandardCharsets.US_ASCII);

  private final DirectBacklog backlog;

  // Event loop only
  private boolean dropping;
  private boolean storm;
  private long droppedAt;
  private int missing;
  private Promise<Void> recovered;

  StormScenario(LoopContext context) {
    super(context);
    backlog = new DirectBacklog(context, fleet);
    if (context.options().kill != 0) {
      context.wire().targetOf(id -> 0);
    }
  }

  @Override
  Future<Void> begin(String phase) {
    return switch (phase) {
      case BACKLOG -> backlog.send();
      case STORM -> storm();
      default -> Future.succeededFuture();
    };
  }

  private Future<Void> storm() {
    storm = true;
    dropping = true;
    missing = fleet.ready();
    recovered = Promise.promise();
    Future<Void> future = recovered.future();
    if (context.options().kill != 0) {
      int others = context.wire().targets() - 1;
      context.wire().targetOf(id -> 1 + id % others);
      droppedAt = Victim.kill(context);
      dropping = false;
      finish();
      return future;
    }
    droppedAt = System.nanoTime();
    for (Connection connection : fleet.all()) {
      if (connection.mark == Fleet.READY) {
        fleet.leave(connection, false);
      }
    }
    dropping = false;
    finish();
    return future;
  }

  @Override
  void onClosed(Connection connection, int code) {
    backlog.onClosed(connection);
    if (!storm) {
      return;
    }
    long jitter = context.options().jitter.toNanos();
    long wait = jitter == 0 ? 0 : ThreadLocalRandom.current().nextLong(jitter);
    // Also those that fail: each comes back until it has recovered, as clients do.
    context.after(wait, () -> reconnect(connection));
  }

  private void reconnect(Connection connection) {
    if (connection.isClosed() && recovered != null) {
      fleet.connect(connection);
    }
  }

  @Override
  void onReady(Connection connection) {
    if (!storm) {
      return;
    }
    if (context.options().login == Login.NATIVE) {
      requests.sync(connection, "{}", System.nanoTime());
    } else {
      synced();
    }
  }

  @Override
  void onReply(Connection connection, Reply reply) {
    if (reply.kind() != Requests.SYNC) {
      backlog.onReply(connection, reply);
      return;
    }
    meter.count(Counter.DELIVERED, reply.markers());
    if (reply.code() != OK) {
      meter.count(Counter.REFUSED);
      meter.code(reply.code());
    } else if (reply.contains(MORE)) {
      // The backlog must fit into one page of sync; the check of --messages says so.
      meter.count(Counter.REFUSED);
    } else {
      meter.count(Counter.EXPECTED, 2L * context.options().messages);
    }
    synced();
  }

  private void synced() {
    meter.count(Counter.SYNCED);
    meter.record(Metric.RECOVERY, droppedAt, System.nanoTime());
    missing--;
    finish();
  }

  private void finish() {
    if (missing <= 0 && !dropping && recovered != null) {
      recovered.complete();
      recovered = null;
    }
  }
}
