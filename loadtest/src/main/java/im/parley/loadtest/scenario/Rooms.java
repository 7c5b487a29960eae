package im.parley.loadtest.scenario;

import im.parley.loadtest.measure.Counter;
import im.parley.loadtest.wire.Connection;
import im.parley.loadtest.wire.Reply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.ObjLongConsumer;

/**
 * Puts the users into rooms of equal size: room r has the users from r times the size on, and the
 * first of them makes it. Event loop only.
 */
final class Rooms {
  private static final int OK = 200;

  private final LoopContext context;
  private final Fleet fleet;
  private final Requests requests;
  private final int members;

  // Event loop only
  private final Deque<Connection> waiting = new ArrayDeque<>();
  private int underWay;
  private ObjLongConsumer<Connection> step;
  private Promise<Void> done;

  Rooms(LoopContext context, Fleet fleet) {
    this.context = context;
    this.fleet = fleet;
    this.requests = fleet.requests();
    Options options = context.options();
    this.members = Math.max(1, options.connections / options.rooms);
  }

  /** Of each room. */
  int members() {
    return members;
  }

  String room(int user) {
    int room = Math.min(user / members, context.options().rooms - 1);
    return "lt-" + context.options().runId + "-" + room;
  }

  boolean isOwner(int user) {
    return user % members == 0 && user / members < context.options().rooms;
  }

  Future<Void> create() {
    return each(true, (by, now) -> requests.create(by, room(by.id()), now));
  }

  Future<Void> join() {
    return each(false, (by, now) -> requests.join(by, room(by.id()), now));
  }

  private Future<Void> each(boolean owners, ObjLongConsumer<Connection> request) {
    step = request;
    done = Promise.promise();
    Future<Void> future = done.future();
    for (Connection connection : fleet.all()) {
      if (connection.mark == Fleet.READY && isOwner(connection.id()) == owners) {
        waiting.add(connection);
      }
    }
    next();
    return future;
  }

  private void next() {
    int window = context.portion(context.options().window);
    while (underWay < window && !waiting.isEmpty()) {
      underWay++;
      step.accept(waiting.poll(), System.nanoTime());
    }
    if (underWay == 0 && done != null) {
      done.complete();
      done = null;
    }
  }

  /** Whether the reply was to a request of these. */
  boolean takes(Reply reply) {
    if (reply.kind() != Requests.CREATE && reply.kind() != Requests.JOIN) {
      return false;
    }
    if (reply.code() != OK) {
      context.meter().count(Counter.REFUSED);
      context.meter().code(reply.code());
    }
    underWay--;
    next();
    return true;
  }
}
