package im.parley.loadtest.scenario;

import im.parley.loadtest.measure.Metric;
import im.parley.loadtest.wire.Connection;
import im.parley.loadtest.wire.Reply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * The node of the first target dies with all of its users, who stay away; one more connection to
 * each other target asks for the presence of some of them until all are offline there.
 */
final class LossScenario extends Scenario {
  static final String ONLINE = "all online";
  static final String LOSS = "loss";

  private static final int OK = 200;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final byte[] IS_ONLINE = "\"online\":true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] IS_OFFLINE = "\"online\":false".getBytes(StandardCharsets.US_ASCII);

  private final int users;

  // Event loop only
  private boolean lost;
  private long killedAt;
  private int unsure; // connections here that have not heard yet what the phase waits for
  private Promise<Void> told;

  LossScenario(LoopContext context) {
    super(context);
    int others = context.wire().targets() - 1;
    users = context.options().connections - others;
    context.wire().targetOf(id -> Math.max(0, id - users + 1));
  }

  @Override
  Future<Void> begin(String phase) {
    if (phase.equals(LOSS)) {
      lost = true;
      killedAt = Victim.kill(context);
    }
    told = Promise.promise();
    Future<Void> future = told.future();
    for (Connection connection : fleet.all()) {
      if (connection.id() >= users) {
        unsure++;
        ask(connection);
      }
    }
    context.after(context.options().patience.toNanos(), () -> finish(future));
    finishIfSure();
    return future;
  }

  private void ask(Connection connection) {
    if (connection.isOpen() && told != null) {
      int sample = Math.min(users, context.options().sample);
      requests.presence(connection, sample, users, System.nanoTime());
    }
  }

  @Override
  void onReply(Connection connection, Reply reply) {
    if (reply.kind() != Requests.PRESENCE || told == null) {
      return;
    }
    if (reply.code() != OK) {
      meter.code(reply.code());
    }
    if (reply.code() != OK || reply.contains(lost ? IS_ONLINE : IS_OFFLINE)) {
      context.after(PAUSE_NANOS, () -> ask(connection));
      return;
    }
    if (lost) {
      meter.record(Metric.OFFLINE, killedAt, System.nanoTime());
    }
    unsure--;
    finishIfSure();
  }

  private void finishIfSure() {
    if (unsure == 0 && told != null) {
      finish(told.future());
    }
  }

  private void finish(Future<Void> phase) {
    if (told != null && told.future() == phase) {
      unsure = 0;
      Promise<Void> done = told;
      told = null;
      done.complete();
    }
  }

  @Override
  boolean isLoss(Connection connection) {
    return !lost || connection.id() >= users;
  }
}
