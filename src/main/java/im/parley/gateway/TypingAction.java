package im.parley.gateway;

import im.parley.session.Session;

/** {@code typing}: tells the others in a conversation; nothing is stored. */
final class TypingAction implements Action {
  @Override
  public void handle(Exchange exchange) {
    Session session = exchange.session();
    String conversation =
        exchange.fields().identifier("conversation", AckAction.MAX_CONVERSATION_BYTES);
    exchange.chat().sending().typing(session, conversation);
    exchange.reply(null);
  }
}
