package im.parley.gateway;

import im.parley.chat.Presence;
import im.parley.chat.Sending;
import im.parley.protocol.Fields;
import im.parley.session.Session;
import java.util.List;
import java.util.Map;

/** {@code presence}, {@code watch}, {@code unwatch}: who is online. */
final class PresenceActions {
  private PresenceActions() {}

  static void addTo(Map<String, Action> actions) {
    actions.put("presence", PresenceActions::query);
    actions.put("watch", PresenceActions::watch);
    actions.put("unwatch", PresenceActions::unwatch);
  }

  private static void query(Exchange exchange) {
    exchange.session();
    answer(exchange, users(exchange));
  }

  /** Listens first and asks then, so that no change falls between. */
  private static void watch(Exchange exchange) {
    Session session = exchange.session();
    List<String> users = users(exchange);
    Presence presence = exchange.chat().presence();
    exchange.replyWith(
        presence
            .watch(exchange.gateway(), session, users)
            .compose(hearing -> presence.query(users)),
        states -> Map.of("users", states));
  }

  private static void unwatch(Exchange exchange) {
    Session session = exchange.session();
    exchange.chat().presence().unwatch(exchange.gateway(), session, users(exchange));
    exchange.reply(null);
  }

  private static void answer(Exchange exchange, List<String> users) {
    exchange.replyWith(exchange.chat().presence().query(users), states -> Map.of("users", states));
  }

  private static List<String> users(Exchange exchange) {
    Presence presence = exchange.chat().presence();
    Fields fields = exchange.fields();
    List<String> users = fields.identifiers("users", Sending.MAX_USER_BYTES, presence.maxWatched());
    if (users.isEmpty()) {
      throw Fields.wrong("users", "a list of user ids", fields.raw("users"));
    }
    return users;
  }
}
