package im.parley.gateway;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import java.util.HashMap;
import java.util.Map;

/** The table of actions. Immutable. */
final class Dispatcher {
  private final Map<String, Action> actions = new HashMap<>();

  Dispatcher() {
    actions.put(LoginAction.NAME, new LoginAction());
    actions.put("logout", new LogoutAction());
    actions.put("refresh", new RefreshAction());
    actions.put("ping", exchange -> exchange.reply("pong")); // prim's does not count as a heartbeat
    actions.put("heartbeat", new HeartbeatAction());
    actions.put("send", new SendAction());
    actions.put("ack", new AckAction());
    actions.put("sync", new SyncAction());
    actions.put("history", new HistoryAction());
    actions.put("conversations", new ConversationsAction());
    actions.put("typing", new TypingAction());
    PresenceActions.addTo(actions);
    RoomActions.addTo(actions);
  }

  /** Carries a request out, or refuses it. */
  void dispatch(Exchange exchange, boolean withinRate) {
    Action action = actions.get(exchange.request().action());
    try {
      if (!withinRate) {
        throw new Refusal(ErrorCode.RATE_LIMITED, "too many requests a second on this connection");
      }
      if (action == null) {
        throw new Refusal(ErrorCode.NO_ROUTE, "there is no action of this name");
      }
      action.handle(exchange);
    } catch (RuntimeException failure) {
      exchange.refuse(failure);
    }
  }
}
