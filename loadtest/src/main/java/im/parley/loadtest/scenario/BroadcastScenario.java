package im.parley.loadtest.scenario;

import im.parley.loadtest.wire.Connection;
import im.parley.loadtest.wire.Reply;
import io.vertx.core.Future;

/**
 * One message at a time to everybody, by the clock: into one room that all have joined, or, for
 * prim logins, to the lobby by HTTP. The time counts from when it was due to each receiver.
 */
final class BroadcastScenario extends Scenario {
  private final Rooms rooms;
  private final LobbyCaller lobby;
  private final Broadcasts broadcasts;

  BroadcastScenario(LoopContext context) {
    super(context);
    Options options = context.options();
    rooms = new Rooms(context, fleet);
    lobby = options.login == Login.NATIVE ? null : new LobbyCaller(context);
    // In a room all but the one that sent it.
    broadcasts = new Broadcasts(context, this::send, options.connections - (lobby == null ? 1 : 0));
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
        return fleet.hasFirst() ? broadcasts.run() : Future.succeededFuture();
      default:
        return Future.succeededFuture();
    }
  }

  private void send(long due) {
    if (lobby == null) {
      requests.toRoom(fleet.all()[0], rooms.room(0), due);
    } else {
      lobby
          .sendToAll(due)
          .onComplete(answer -> broadcasts.answered(answer.succeeded() ? answer.result() : 0, due));
    }
  }

  @Override
  void onReply(Connection connection, Reply reply) {
    if (!rooms.takes(reply)) {
      broadcasts.answered(reply.code(), reply.seqTime());
    }
  }

  @Override
  void onPush(Connection connection, Reply reply) {
    if (reply.marker() != 0) {
      broadcasts.delivered(reply.marker());
    }
  }
}
