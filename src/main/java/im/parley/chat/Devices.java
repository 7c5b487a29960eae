package im.parley.chat;

import im.parley.cluster.NodeInfo;
import im.parley.config.SessionConfig;
import im.parley.protocol.CloseCode;
import im.parley.protocol.Platform;
import im.parley.protocol.Push;
import im.parley.session.Gateway;
import im.parley.session.Query;
import im.parley.session.Router;
import im.parley.session.Session;
import im.parley.session.Topics;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * A user's sessions on all gateways of all nodes: lists them, closes them, and says which of them
 * may live side by side. Owned by {@link Logins}. Any thread.
 *
 * <p>A session closes only those of lower ids. A higher one that is logging in too, or is of its
 * own node, came later for sure, and the asking session gives way. A higher one of another node
 * that is live already is older whatever its id says, because it did not see the asking one: its
 * node's clock is ahead.
 */
final class Devices {
  /** The asking session must give way. */
  static final long LATE = Long.MAX_VALUE;

  private final Router router;
  private final SessionConfig config;
  private final NodeInfo self;
  private final BiConsumer<Gateway, Session> end;
  private final Query<List<SessionInfo>> list;
  private final Query<Integer> kick;
  private final Query<Left> replace;

  /** {@code end} ends a session on its gateway's event loop. */
  Devices(Router router, SessionConfig config, NodeInfo self, BiConsumer<Gateway, Session> end) {
    this.router = router;
    this.config = config;
    this.self = self;
    this.end = end;
    this.list =
        router.query("login.sessions", this::list, SessionInfo::written, SessionInfo::readAll);
    this.kick = router.query("login.kick", this::kick, kicked -> kicked, Integer.class::cast);
    this.replace = router.query("login.replace", this::replace, Left::wire, Left::read);
  }

  /** The sessions under a user's name, prim's apps included, oldest first. */
  Future<List<SessionInfo>> list(String user) {
    return router
        .ask(list, topics(user), new JsonObject().put("user", user))
        .map(
            all ->
                all.stream()
                    .flatMap(List::stream)
                    .sorted(Comparator.comparingLong(SessionInfo::id))
                    .toList());
  }

  /** Closes those whose ids are named, or all when {@code ids} is empty; how many it was. */
  Future<Integer> kick(String user, Set<Long> ids, CloseCode code) {
    JsonObject asked =
        new JsonObject()
            .put("user", user)
            .put("ids", new JsonArray(List.copyOf(ids)))
            .put("code", code.name());
    return router
        .ask(kick, topics(user), asked)
        .map(counts -> counts.stream().mapToInt(Integer::intValue).sum());
  }

  /**
   * Closes what a session replaces, and the user's oldest above the limit.
   *
   * @return 0 when it may go live; the id above which it must begin again; or {@link #LATE}
   */
  Future<Long> makeRoom(Session session) {
    JsonObject newest =
        new JsonObject()
            .put("node", self.id())
            .put("user", session.user())
            .put("id", session.id())
            .put("platform", session.platform())
            .put("device", session.device());
    return router
        .ask(replace, Topics.user(session.user()), newest)
        .compose(all -> withinLimit(session, all));
  }

  /**
   * Applies the policy to a session once more, after its node had been apart from others: of two
   * that may not live side by side the lower id goes, be it this one.
   */
  Future<Void> settle(Gateway gateway, Session session) {
    return makeRoom(session)
        .onSuccess(
            higher -> {
              if (higher != 0) {
                gateway.inbox().put(() -> close(gateway, session, CloseCode.REPLACED));
              }
            })
        .mapEmpty();
  }

  private Future<Long> withinLimit(Session session, List<Left> all) {
    long higher = all.stream().mapToLong(Left::higher).max().orElse(0);
    if (higher != 0) {
      return Future.succeededFuture(higher);
    }
    List<Long> left = all.stream().map(Left::ids).flatMap(List::stream).sorted().toList();
    int surplus = left.size() - config.maxPerUser();
    if (surplus <= 0) {
      return Future.succeededFuture(0L);
    }
    Set<Long> oldest = Set.copyOf(left.subList(0, surplus));
    if (oldest.contains(session.id())) {
      long ahead = all.stream().mapToLong(Left::ahead).max().orElse(0);
      return Future.succeededFuture(ahead == 0 ? LATE : ahead);
    }
    return kick(session.user(), oldest, CloseCode.REPLACED).map(0L);
  }

  private List<SessionInfo> list(Gateway gateway, JsonObject asked) {
    return under(asked.getString("user"), gateway).stream()
        .map(session -> SessionInfo.of(session, self.name()))
        .toList();
  }

  private Integer kick(Gateway gateway, JsonObject asked) {
    JsonArray ids = asked.getJsonArray("ids");
    int kicked = 0;
    for (Session session : under(asked.getString("user"), gateway)) {
      if (ids.isEmpty() || ids.contains(session.id())) {
        close(gateway, session, CloseCode.valueOf(asked.getString("code")));
        kicked++;
      }
    }
    return kicked;
  }

  private Left replace(Gateway gateway, JsonObject newest) {
    long id = newest.getLong("id");
    boolean ofThisNode = newest.getLong("node") == self.id();
    if (!ofThisNode) { // before it may go live: its messages go there from now on
      router.relearn(Topics.user(newest.getString("user")));
    }
    List<Long> ids = new ArrayList<>();
    long higher = 0;
    long ahead = 0;
    for (Session other : gateway.topics().list(Topics.user(newest.getString("user")))) {
      boolean replaced = !(ofThisNode && other.id() == id) && replaces(newest, other);
      if (replaced && other.id() < id) {
        close(gateway, other, CloseCode.REPLACED);
        continue;
      }
      ids.add(other.id());
      boolean older = !ofThisNode && other.id() >= id && other.state() == Session.State.LIVE;
      if (older) {
        ahead = Math.max(ahead, other.id());
      }
      if (replaced) {
        higher = older ? Math.max(higher, other.id()) : LATE;
      }
    }
    return new Left(ids, higher, ahead);
  }

  private boolean replaces(JsonObject newest, Session older) {
    boolean platform = older.platform().equals(newest.getString("platform"));
    return switch (config.policy()) {
      case SINGLE -> true;
      case PLATFORM -> platform;
      case DEVICE -> platform && older.device().equals(newest.getString("device"));
    };
  }

  private void close(Gateway gateway, Session session, CloseCode code) {
    if (session.state() != Session.State.CLOSED) {
      tell(session, code);
      end.accept(gateway, session);
    }
  }

  /** Tells a session why, then closes its connection. Event loop only. */
  static void tell(Session session, CloseCode code) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("reason", code.reason());
    data.put("code", code.code());
    session.connection().send(Push.of("kick", "", data));
    session.connection().disconnect(code);
  }

  private static Set<Session> under(String user, Gateway gateway) {
    Set<Session> sessions = new LinkedHashSet<>();
    topics(user).forEach(topic -> sessions.addAll(gateway.topics().list(topic)));
    return sessions;
  }

  /** Where a user's sessions listen, prim's apps included. */
  private static List<String> topics(String user) {
    List<String> topics = new ArrayList<>();
    topics.add(Topics.user(user));
    for (int app = Platform.FIRST_APP; app <= Platform.LAST_APP; app++) {
      topics.add(Topics.identity(app, user));
    }
    return topics;
  }

  /**
   * One gateway's sessions of a user that were not replaced.
   *
   * @param ids theirs
   * @param higher the highest id of a live one that the asking session should have replaced; LATE
   *     when the asking session came before one of them; 0 for none
   * @param ahead the highest id of a live one of another node that is above the asking one's, to be
   *     replaced or not; 0 for none
   */
  private record Left(List<Long> ids, long higher, long ahead) {
    Object wire() {
      return new JsonObject()
          .put("ids", new JsonArray(ids))
          .put("higher", higher)
          .put("ahead", ahead);
    }

    static Left read(Object json) {
      JsonObject left = (JsonObject) json;
      List<Long> ids =
          left.getJsonArray("ids").stream().map(id -> ((Number) id).longValue()).toList();
      return new Left(ids, left.getLong("higher"), left.getLong("ahead"));
    }
  }
}
