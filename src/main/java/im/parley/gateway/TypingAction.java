package im.parley.gateway;

/** {@code typing}: tells the others in a conversation; nothing is stored. */
final class TypingAction implements Action {
  @Override
  public void handle(Exchange exchange) {
    String conversation = exchange.fields().identifier("conversation", AckAction.MAX_CONVERSATION_BYTES);
    exchange.chat().sending().typing(exchange.session(), conversation);
    exchange.reply(null);
  }
}
