package im.parley.loadtest.scenario;

import im.parley.loadtest.measure.Counter;
import im.parley.loadtest.wire.Connection;
import im.parley.loadtest.wire.Reply;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** Has each user send a number of messages to the other of its pair. Event loop only. */
final class DirectBacklog {
  private static final int OK = 200;

  private final LoopContext context;
  private final Fleet fleet;

  // Event loop only
  private long toSend;
  private long unanswered;
  private int at;
  private Promise<Void> done;

  DirectBacklog(LoopContext context, Fleet fleet) {
    this.context = context;
    this.fleet = fleet;
  }

  Future<Void> send() {
    toSend = (long) fleet.all().length * context.options().messages;
    done = Promise.promise();
    Future<Void> future = done.future();
    next();
    return future;
  }

  private void next() {
    int window = context.portion(context.options().outstanding);
    while (toSend > 0 && unanswered < window) {
      Connection from = fleet.all()[at++ % fleet.all().length];
      toSend--;
      unanswered++;
      from.pending++;
      context.meter().count(Counter.SENT);
      fleet.requests().toUser(from, from.id() ^ 1, System.nanoTime());
      if (from.mark != Fleet.READY) {
        onClosed(from);
      }
    }
    if (toSend == 0 && unanswered == 0 && done != null) {
      done.complete();
      done = null;
    }
  }

  void onReply(Connection connection, Reply reply) {
    if (reply.code() == OK) {
      context.meter().count(Counter.ANSWERED);
    } else {
      context.meter().count(Counter.REFUSED);
      context.meter().code(reply.code());
    }
    connection.pending--;
    unanswered--;
    next();
  }

  void onClosed(Connection connection) {
    if (connection.pending > 0) {
      context.meter().count(Counter.UNANSWERED, connection.pending);
      unanswered -= connection.pending;
      connection.pending = 0;
      next();
    }
  }
}
