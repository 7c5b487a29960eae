package im.parley.gateway;

import im.parley.protocol.Fields;
import im.parley.session.Session;
import java.util.Collections;

/** {@code refresh}: replaces the token of a live session before it ends. */
final class RefreshAction implements Action {
  @Override
  public void handle(Exchange exchange) {
    Session session = exchange.session();
    String token = exchange.fields().optionalText("serviceToken");
    if (token == null) {
      throw Fields.wrong("serviceToken", "a token", null);
    }
    ClientConnection connection = exchange.connection();
    exchange.replyWith(
        exchange.chat().logins().refresh(exchange.gateway(), session, token),
        refreshed -> {
          connection.dueChanged();
          return Collections.singletonMap(
              "tokenExpiresIn", LoginAction.tokenExpiresIn(connection, session));
        });
  }
}
