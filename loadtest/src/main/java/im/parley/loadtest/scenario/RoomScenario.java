package im.parley.loadtest.scenario;

import im.parley.loadtest.wire.Connection;
import im.parley.loadtest.wire.Reply;
import io.vertx.core.Future;

/** Rooms of equal size, whose members write in turn. */
final class RoomScenario extends Scenario {
  static final String CREATE = "create rooms";
  static final String JOIN = "join rooms";

  private final Rooms rooms;
  private final Sender sender;

  RoomScenario(LoopContext context) {
    super(context);
    rooms = new Rooms(context, fleet);
    sender =
        new Sender(
            context,
            fleet,
            (from, due) -> requests.toRoom(from, rooms.room(from.id()), due),
            rooms.members() - 1);
  }

  @Override
  Future<Void> begin(String phase) {
    switch (phase) {
      case CREATE:
        return rooms.create();
      case JOIN:
        return rooms.join();
      case QUIET:
        sender.stop();
        return Future.succeededFuture();
      default:
        sender.start();
        return Future.succeededFuture();
    }
  }

  @Override
  void onReply(Connection connection, Reply reply) {
    if (!rooms.takes(reply)) {
      sender.onReply(connection, reply);
    }
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
