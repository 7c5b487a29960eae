package im.parley.loadtest.scenario;

import im.parley.loadtest.wire.Connection;
import im.parley.loadtest.wire.Reply;
import io.vertx.core.Future;

/**
 * Each user writes to the other of its pair: 0 and 1, 2 and 3, and so on; with {@code --one-way}
 * only the first of a pair. Of several targets the two of a pair are on different ones.
 */
final class DirectScenario extends Scenario {
  private final Sender sender;

  DirectScenario(LoopContext context) {
    super(context);
    int last = context.options().connections - 1;
    sender =
        new Sender(
            context,
            fleet,
            // The last of an odd number writes to the one before.
            (from, due) ->
                requests.toUser(from, (from.id() ^ 1) > last ? last - 1 : from.id() ^ 1, due),
            1);
    if (context.options().oneWay) {
      fleet.writers(id -> id % 2 == 0);
    }
  }

  @Override
  Future<Void> begin(String phase) {
    if (phase.equals(QUIET)) {
      sender.stop();
    } else {
      sender.start();
    }
    return Future.succeededFuture();
  }

  @Override
  void onReply(Connection connection, Reply reply) {
    sender.onReply(connection, reply);
  }

  @Override
  void onPush(Connection connection, Reply reply) {
    sender.onPush(reply);
  }

  @Override
  void onClosed(Connection connection, int code) {
    sender.onClosed(connection);
  }
}
