package im.parley.gateway;

import im.parley.chat.Cursor;
import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import im.parley.session.Session;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code heartbeat}: keeps the session. A native one's reply names the conversations whose newest
 * messages it may not have: those that a full queue cost it, and those behind the cursors that the
 * request names.
 */
final class HeartbeatAction implements Action {
  @Override
  public void handle(Exchange exchange) {
    ClientConnection connection = exchange.connection();
    if (!connection.isNative()) {
      prim(exchange);
      return;
    }
    Session session = exchange.session();
    Map<String, Cursor> cursors = Cursor.read(exchange.fields());
    connection.seen();
    Set<String> missed = session.takeMissed();
    if (cursors.isEmpty() && missed.isEmpty()) {
      exchange.reply(Map.of("conversations", List.of()));
      return;
    }
    exchange.replyWith(
        exchange.chat().reading().heads(session.user(), cursors, missed),
        heads -> Map.of("conversations", heads));
  }

  private static void prim(Exchange exchange) {
    exchange.fields().optionalText("userID", "userId"); // prim checks the shape before the login
    if (exchange.connection().session() == null) {
      throw new Refusal(ErrorCode.NOT_LOGGED_IN, "log in first");
    }
    exchange.connection().seen();
    exchange.reply(null);
  }
}
