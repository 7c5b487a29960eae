package im.parley.loadtest.scenario;

import im.parley.loadtest.measure.Fanout;
import im.parley.loadtest.measure.Metric;
import im.parley.loadtest.wire.Connection;
import im.parley.loadtest.wire.Reply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * All connections send one last heartbeat together and fall silent; measured is how fast the server
 * removes them: when each is told so or, where the server says nothing, when it has ended. Close
 * frames are answered when all have come, for answering and closing takes a client as long as all
 * the rest.
 */
final class ExpireScenario extends Scenario {
  static final String LAST_BEAT = "last heartbeat";
  static final String SILENCE = "silence";

  /** {@link Connection#pending} of one that was counted. */
  private static final int REMOVED = -1;

  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  // Event loop only
  private int unanswered;
  private int left;
  private boolean resting;
  private long beatAt;
  private Promise<Void> beaten;
  private Promise<Void> gone;

  ExpireScenario(LoopContext context) {
    super(context);
  }

  @Override
  Future<Void> begin(String phase) {
    return phase.equals(LAST_BEAT) ? beat() : silence();
  }

  private Future<Void> beat() {
    fleet.stopHeartbeats();
    beatAt = System.nanoTime();
    if (context.options().login == Login.NONE || fleet.ready() == 0) {
      return Future.succeededFuture();
    }
    beaten = Promise.promise();
    unanswered = fleet.ready();
    for (Connection connection : fleet.all()) {
      if (connection.mark == Fleet.READY) {
        connection.pending = 1;
        requests.heartbeat(connection, System.nanoTime());
      }
    }
    return beaten.future();
  }

  @Override
  void onHeartbeat(Connection connection) {
    if (connection.pending == 0) {
      return;
    }
    connection.pending = 0;
    unanswered--;
    if (unanswered == 0 && beaten != null) {
      beaten.complete();
      beaten = null;
    }
  }

  private Future<Void> silence() {
    gone = Promise.promise();
    Future<Void> future = gone.future();
    left = fleet.ready();
    context.wire().answerClosesLater();
    context.after(context.options().patience.toNanos(), this::finish);
    if (fleet.ready() == 0) {
      finish();
    }
    return future;
  }

  private void finish() {
    context.wire().answerCloses();
    if (gone != null) {
      gone.complete();
      gone = null;
    }
  }

  @Override
  boolean isLoss(Connection connection) {
    return gone == null;
  }

  @Override
  void onClosed(Connection connection, int code) {
    if (gone == null) {
      onHeartbeat(connection);
      return;
    }
    meter.code(code);
    removed(connection);
    if (fleet.ready() == 0) {
      finish();
    }
  }

  @Override
  void onCloseFrame(Connection connection) {
    if (gone != null) {
      removed(connection);
    }
  }

  private void removed(Connection connection) {
    if (connection.pending == REMOVED) {
      return;
    }
    connection.pending = REMOVED;
    long now = System.nanoTime();
    meter.record(Metric.REMOVAL, beatAt, now);
    meter.fanout(Fanout.slice(now), now);
    if (--left == 0) {
      context.wire().answerCloses();
    }
    if (!resting) {
      resting = true;
      rest();
    }
  }

  /**
   * Looks at the sockets once a millisecond from the first removal to the last, as a network card
   * gathers packets before it interrupts. Woken by each, this loop would have the server's send pay
   * for it, on the processors that both share.
   */
  private void rest() {
    if (gone != null && left > 0) {
      LockSupport.parkNanos(REST_NANOS);
      context.after(0, this::rest); // after a look at the sockets
    }
  }

  @Override
  void onReply(Connection connection, Reply reply) {}
}
