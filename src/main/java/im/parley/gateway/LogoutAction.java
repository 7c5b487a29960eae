package im.parley.gateway;

import im.parley.protocol.CloseCode;
import im.parley.session.Session;

/** {@code logout}: ends the session, answers, and closes. */
final class LogoutAction implements Action {
  @Override
  public void handle(Exchange exchange) {
    Session session = exchange.session();
    exchange.chat().logins().end(exchange.gateway(), session);
    exchange.reply(null);
    exchange.connection().disconnect(CloseCode.NORMAL);
  }
}
