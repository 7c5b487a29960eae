package im.parley.loadtest.scenario;

import im.parley.loadtest.measure.Counter;
import im.parley.loadtest.measure.Metric;
import im.parley.loadtest.wire.Connection;
import im.parley.loadtest.wire.Reply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;

/**
 * One message at a time to everybody, by the clock: into one room that all have joined, or, for
 * prim logins, to the lobby by HTTP. The time counts from when it was due to each receiver.
 */
final class BroadcastScenario extends Scenario {
  private static final int OK = 200;

  private final Rooms rooms;
  private final LobbyCaller lobby;

  // Event loop only
  private Pacer pacer;
  private int left;
  private Promise<Void> sent;

  BroadcastScenario(LoopContext context) {
    super(context);
    rooms = new Rooms(context, fleet);
    lobby = context.options().login == Login.NATIVE ? null : new LobbyCaller(context);
    context.every(1, this::sendDue);
  }

  @Override
  Future<Void> begin(String phase) {
    boolean room = lobby == null;
    switch (phase) {
      case RoomScenario.CREATE:
        return room ? rooms.create() : Future.succeededFuture();
      case RoomScenario.JOIN:
        return room ? rooms.join() : Future.succeededFuture();
      case RUN:
        return run();
      default:
        return Future.succeededFuture();
    }
  }

  private Connection speaker() {
    Connection[] all = fleet.all();
    return all.length > 0 && all[0].id() == 0 ? all[0] : null;
  }

  private Future<Void> run() {
    if (speaker() == null) {
      return Future.succeededFuture();
    }
    Duration interval = context.options().interval;
    left = context.options().messages;
    pacer = new Pacer(1e9 / interval.toNanos(), Duration.ZERO, System.nanoTime());
    sent = Promise.promise();
    return sent.future();
  }

  private void sendDue() {
    long now = System.nanoTime();
    while (sent != null && pacer.isDue(now)) {
      long due = pacer.take();
      if (left-- == 0) {
        // One interval after the last of them.
        sent.complete();
        sent = null;
        return;
      }
      if (now - due > context.options().maxLag.toNanos()) {
        meter.count(Counter.LATE);
      }
      meter.count(Counter.SENT);
      send(due);
    }
  }

  private void send(long due) {
    if (lobby == null) {
      requests.toRoom(speaker(), rooms.room(0), due);
    } else {
      lobby
          .sendToAll(due)
          .onComplete(answer -> answered(answer.succeeded() ? answer.result() : 0, due));
    }
  }

  @Override
  void onReply(Connection connection, Reply reply) {
    if (!rooms.takes(reply)) {
      answered(reply.code(), reply.seqTime());
    }
  }

  private void answered(int code, long due) {
    if (code == OK) {
      meter.count(Counter.ANSWERED);
      // In a room all but the one that sent it.
      meter.count(Counter.EXPECTED, context.options().connections - (lobby == null ? 1 : 0));
      meter.record(Metric.ACK, due, System.nanoTime());
    } else {
      meter.count(Counter.REFUSED);
      meter.code(code);
    }
  }

  @Override
  void onPush(Connection connection, Reply reply) {
    long due = reply.marker();
    if (due != 0) {
      long now = System.nanoTime();
      meter.count(Counter.DELIVERED);
      meter.record(Metric.DELIVERY, due, now);
      meter.fanout(due, now);
    }
  }
}
