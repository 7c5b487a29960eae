package im.parley.gateway;

import im.parley.chat.Reading;
import im.parley.protocol.Fields;
import im.parley.store.LogPage;
import io.vertx.core.Future;

/**
 * {@code history}: a page of a conversation's log, before or after an offset; the newest page when
 * neither is named.
 */
final class HistoryAction implements Action {
  @Override
  public void handle(Exchange exchange) {
    Fields fields = exchange.fields();
    String user = exchange.session().user();
    String conversation = fields.identifier("conversation", AckAction.MAX_CONVERSATION_BYTES);
    if (fields.has("after") && fields.has("before")) {
      throw Fields.wrong("before", "nothing when after is there", fields.raw("before"));
    }
    Reading reading = exchange.chat().reading();
    int limit = (int) fields.number("limit", 1, Integer.MAX_VALUE, reading.pageLimit());
    Future<LogPage> page =
        fields.has("after")
            ? reading.after(user, conversation, fields.number("after", 0, Long.MAX_VALUE, 0), limit)
            : reading.before(
                user,
                conversation,
                fields.number("before", 0, Long.MAX_VALUE, Long.MAX_VALUE),
                limit);
    exchange.replyWith(page, Reading::wire);
  }
}
