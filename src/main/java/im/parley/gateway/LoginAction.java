package im.parley.gateway;

import im.parley.chat.Cursor;
import im.parley.chat.LoginRequest;
import im.parley.chat.Sending;
import im.parley.config.Config;
import im.parley.protocol.CloseCode;
import im.parley.protocol.ErrorCode;
import im.parley.protocol.Fields;
import im.parley.protocol.Platform;
import im.parley.protocol.Refusal;
import im.parley.session.Session;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code login}: with {@code "v":1} a native session, without it prim's. prim checks in a fixed
 * order: shape, user, app, and only then whether the connection is logged in already.
 */
final class LoginAction implements Action {
  static final String NAME = "login";
  private static final int MAX_PRIM_USER_BYTES = 19;
  private static final int MAX_DEVICE_BYTES = 64;

  @Override
  public void handle(Exchange exchange) {
    LoginRequest request = exchange.isNativeLogin() ? nativeLogin(exchange) : primLogin(exchange);
    if (exchange.connection().session() != null) {
      throw new Refusal(ErrorCode.OPERATION_FAILED, "this connection is logged in already");
    }
    login(exchange, request);
  }

  private static void login(Exchange exchange, LoginRequest request) {
    ClientConnection connection = exchange.connection();
    Future<Session> session =
        exchange.chat().logins().login(exchange.gateway(), connection, request);
    if (!session.isComplete()) {
      connection.busy();
    }
    session.onComplete(
        result -> {
          connection.ready();
          if (result.failed()) {
            exchange.refuse(result.cause());
            if (Refusal.of(result.cause()).code() == ErrorCode.TOKEN_EXPIRED) {
              connection.disconnect(CloseCode.TOKEN_REFUSED);
            }
          } else if (!connection.isOpen()) {
            exchange
                .chat()
                .logins()
                .end(exchange.gateway(), result.result()); // the peer went meanwhile
          } else {
            begin(exchange, request, result.result());
          }
        });
  }

  private static void begin(Exchange exchange, LoginRequest request, Session session) {
    ClientConnection connection = exchange.connection();
    connection.session(session);
    connection.seen();
    connection.dueChanged();
    exchange.reply(request.isNative() ? welcome(connection, session) : null);
    if (request.cursors() != null) {
      new CatchUp(exchange, session).run(request.cursors());
    }
  }

  private static Map<String, Object> welcome(ClientConnection connection, Session session) {
    Config config = connection.clientLoop().config();
    Map<String, Object> limits = new LinkedHashMap<>();
    limits.put("maxFrameBytes", config.gateway().maxFrameBytes());
    limits.put("maxBodyBytes", config.chat().maxBodyBytes());
    limits.put("pageLimit", config.chat().pageLimit());
    limits.put("syncLimit", config.chat().syncLimit());
    limits.put("maxRoomMembers", config.chat().maxRoomMembers());
    limits.put("maxWatched", config.sessions().maxWatched());
    limits.put("maxPendingRequests", config.gateway().maxPendingRequests());
    limits.put("maxRequestsPerSecond", config.gateway().maxRequestsPerSecond());
    Map<String, Object> welcome = new LinkedHashMap<>();
    welcome.put("session", connection.clientLoop().node() + '-' + session.id());
    welcome.put("user", session.user());
    welcome.put("node", connection.clientLoop().node());
    welcome.put("heartbeatSeconds", config.gateway().heartbeat().toSeconds());
    welcome.put("tokenExpiresIn", tokenExpiresIn(connection, session));
    welcome.put("limits", limits);
    return welcome;
  }

  /** Seconds until the token ends, null for never. */
  static Long tokenExpiresIn(ClientConnection connection, Session session) {
    return session.tokenExpires() == 0
        ? null
        : session.tokenExpires() - connection.clientLoop().epochSecond();
  }

  private static LoginRequest nativeLogin(Exchange exchange) {
    Fields fields = exchange.fields();
    if (fields.number("v", 1, 1, 1) != 1) {
      throw Fields.wrong("v", "1", fields.raw("v"));
    }
    boolean open = !exchange.connection().clientLoop().config().auth().mode().needsToken();
    String user = fields.optionalText("userId", "userID");
    if ((user != null || open) && !Fields.isIdentifier(user, Sending.MAX_USER_BYTES)) {
      throw new Refusal(
          ErrorCode.ILLEGAL_USER,
          "userId: expected 1 to " + Sending.MAX_USER_BYTES + " bytes without control characters");
    }
    Object platform = fields.raw("platform", "appPlatform", "appID", "appId");
    return new LoginRequest(
        user,
        platform == null ? "web" : Platform.of(platform),
        fields.identifier("device", MAX_DEVICE_BYTES, ""),
        fields.optionalText("serviceToken"),
        true,
        fields.has("cursors") ? Cursor.read(fields) : null);
  }

  private static LoginRequest primLogin(Exchange exchange) {
    Fields fields = exchange.fields();
    String user = fields.optionalText("userID", "userId");
    long app = fields.number("appID", 0, 0xFFFF_FFFFL, 0);
    if (!fields.has("appID")) {
      app = fields.number("appPlatform", 0, 0xFFFF_FFFFL, 0);
    }
    String token = fields.optionalText("serviceToken");
    if (user == null || user.isEmpty() || Fields.utf8Length(user) > MAX_PRIM_USER_BYTES) {
      throw new Refusal(
          ErrorCode.ILLEGAL_USER, "userID: expected 1 to " + MAX_PRIM_USER_BYTES + " bytes");
    }
    if (!Platform.isApp(app)) {
      throw new Refusal(ErrorCode.UNAUTHORIZED, "appID: expected 101 to 104");
    }
    return new LoginRequest(user, Platform.of((int) app), "", token, false, null);
  }
}
