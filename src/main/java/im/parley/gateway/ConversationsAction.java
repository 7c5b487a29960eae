package im.parley.gateway;

import im.parley.chat.Reading;
import im.parley.protocol.Fields;

/** {@code conversations}: the user's list, page by page. */
final class ConversationsAction implements Action {
  @Override
  public void handle(Exchange exchange) {
    String user = exchange.session().user();
    Fields fields = exchange.fields();
    Reading reading = exchange.chat().reading();
    String after = fields.identifier("after", AckAction.MAX_CONVERSATION_BYTES, "");
    int limit = (int) fields.number("limit", 1, Integer.MAX_VALUE, reading.pageLimit());
    exchange.replyWith(reading.conversations(user, after, limit), page -> page);
  }
}
