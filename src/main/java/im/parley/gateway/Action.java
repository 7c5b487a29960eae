package im.parley.gateway;

/**
 * What one kind of request does. One shared instance each; called on the connection's event loop.
 */
@FunctionalInterface
interface Action {
  /**
   * Carries it out and replies, now or later. A thrown {@link im.parley.protocol.Refusal} becomes
   * the reply.
   */
  void handle(Exchange exchange);
}
