package im.parley.gateway;

import im.parley.chat.Receipts;
import im.parley.chat.Sender;
import im.parley.protocol.Fields;

/** {@code ack}: how far the user has received and read a conversation. */
final class AckAction implements Action {
  static final int MAX_CONVERSATION_BYTES = 400;

  @Override
  public void handle(Exchange exchange) {
    Sender sender = exchange.sender();
    Fields fields = exchange.fields();
    String conversation = fields.identifier("conversation", MAX_CONVERSATION_BYTES);
    long delivered = fields.number("delivered", 0, Long.MAX_VALUE, 0);
    long read = fields.number("read", 0, Long.MAX_VALUE, 0);
    exchange.replyWith(
        exchange.chat().receipts().acknowledge(sender, conversation, delivered, read),
        marks -> Receipts.wire(conversation, marks));
  }
}
