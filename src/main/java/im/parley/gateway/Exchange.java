package im.parley.gateway;

import im.parley.chat.Chat;
import im.parley.chat.Sender;
import im.parley.protocol.Envelope;
import im.parley.protocol.ErrorCode;
import im.parley.protocol.Fields;
import im.parley.protocol.Refusal;
import im.parley.protocol.Request;
import im.parley.session.Gateway;
import im.parley.session.Session;
import io.vertx.core.Future;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and the connection that wants its answer. Event loop only.
 *
 * @param connection who asks
 * @param request what is asked
 */
record Exchange(ClientConnection connection, Request request) {
  private static final Logger log = LoggerFactory.getLogger(Exchange.class);

  /** The fields of the request's data. */
  Fields fields() {
    return Fields.of(request.data());
  }

  /** The native session; refused without one, as an unknown action when it is prim's. */
  Session session() {
    Session session = connection.session();
    if (session == null) {
      throw new Refusal(ErrorCode.NOT_LOGGED_IN, "log in first");
    }
    if (!session.isNative()) {
      throw new Refusal(ErrorCode.NO_ROUTE, "this action needs a login with \"v\":1");
    }
    return session;
  }

  Sender sender() {
    return Sender.of(session());
  }

  Chat chat() {
    return connection.clientLoop().chat();
  }

  Gateway gateway() {
    return connection.clientLoop().gateway();
  }

  /** Answers with success. */
  void reply(Object data) {
    connection.write(Envelope.reply(request, data));
  }

  /** Whether this asks for a native session. */
  boolean isNativeLogin() {
    return LoginAction.NAME.equals(request.action())
        && request.data() instanceof Map
        && fields().has("v");
  }

  /**
   * Answers with a refusal: one that explains itself in a native session and to a native login,
   * prim's to all others.
   */
  void refuse(Throwable failure) {
    if (!(failure instanceof Refusal)) {
      log.error(
          "request failed [action: {}, remote: {}]",
          request.action(),
          connection.remote(),
          failure);
    }
    Refusal refusal = Refusal.of(failure);
    connection.clientLoop().metrics().refused(refusal.code());
    connection.write(
        connection.isNative() || isNativeLogin()
            ? Envelope.refusal(request, refusal)
            : Envelope.primRefusal(request, refusal.code()));
  }

  /**
   * Answers with what {@code future} comes to, on this event loop, whichever thread completes it.
   */
  <T> void replyWith(Future<T> future, Function<T, Object> data) {
    connection.begin();
    future.onComplete(
        result ->
            gateway()
                .inbox()
                .put(
                    () -> {
                      connection.end();
                      if (!connection.isOpen()) {
                        return;
                      }
                      if (result.succeeded()) {
                        reply(data.apply(result.result()));
                      } else {
                        refuse(result.cause());
                      }
                    }));
  }
}
