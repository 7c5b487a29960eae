package im.parley.gateway;

import im.parley.chat.Cursor;
import im.parley.chat.Syncing;
import im.parley.protocol.Fields;

/** {@code sync}: everything after the client's cursors. */
final class SyncAction implements Action {
  @Override
  public void handle(Exchange exchange) {
    String user = exchange.session().user();
    Fields fields = exchange.fields();
    Syncing syncing = exchange.chat().syncing();
    int limit = (int) fields.number("limit", 1, Integer.MAX_VALUE, syncing.limit());
    exchange.replyWith(syncing.missed(user, Cursor.read(fields), limit), Syncing.Missed::wire);
  }
}
