package im.parley.loadtest.scenario;

import im.parley.loadtest.wire.Connection;
import im.parley.loadtest.wire.Reply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;

/** As go-stress-testing: after a pause each connection pings once a second, so many times. */
final class PingScenario extends Scenario {
  static final String PAUSE = "pause";

  private final Sender sender;

  // Event loop only
  private long left;
  private Promise<Void> done;

  PingScenario(LoopContext context) {
    super(context);
    sender = new Sender(context, fleet, this::ping, 0);
  }

  @Override
  Duration heartbeat() {
    return Duration.ZERO;
  }

  @Override
  Future<Void> begin(String phase) {
    if (!phase.equals(RUN)) {
      return Future.succeededFuture();
    }
    left = (long) fleet.ready() * context.options().messages;
    if (left == 0) {
      return Future.succeededFuture();
    }
    done = Promise.promise();
    double seconds = context.options().interval.toNanos() / 1e9;
    sender.startAt(fleet.ready() / seconds, Duration.ZERO);
    return done.future();
  }

  private void ping(Connection connection, long due) {
    requests.ping(connection, due);
    left--;
    if (left == 0) {
      sender.stop();
    }
  }

  @Override
  void onReply(Connection connection, Reply reply) {
    sender.onReply(connection, reply);
    finish();
  }

  @Override
  void onClosed(Connection connection, int code) {
    sender.onClosed(connection);
    finish();
  }

  private void finish() {
    if (done == null || left > 0) {
      return;
    }
    for (Connection connection : fleet.all()) {
      if (connection.pending > 0) {
        return;
      }
    }
    done.complete();
    done = null;
  }
}
