package im.parley.chat;

import im.parley.auth.Identity;
import im.parley.auth.TokenVerifier;
import im.parley.config.AuthConfig;
import im.parley.config.SessionConfig;
import im.parley.metrics.Metrics;
import im.parley.protocol.CloseCode;
import im.parley.protocol.ErrorCode;
import im.parley.protocol.Platform;
import im.parley.protocol.Push;
import im.parley.protocol.Refusal;
import im.parley.session.Connection;
import im.parley.session.Gateway;
import im.parley.session.Query;
import im.parley.session.Router;
import im.parley.session.Session;
import im.parley.session.Topics;
import im.parley.store.Store;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Begins and ends sessions, and decides which sessions of a user may live side by side.
 *
 * <p>A new session registers first and then asks the user's other gateways, on any node, to close
 * what it replaces. Session ids ascend, and a session closes only lower ones and gives way to a
 * higher one that it meets while that is logging in too: of two logins at the same time the later
 * one stays, whoever registers or asks first. One of another node that is live already is older
 * whatever its id says, because it did not see the new one: its node's clock is ahead, and the new
 * session begins again with a higher id. It goes live when all have confirmed, so there is no
 * moment with both.
 */
public final class Logins {
  private static final long LATE = Long.MAX_VALUE;

  private final Store store;
  private final Router router;
  private final AuthConfig auth;
  private final SessionConfig config;
  private final TokenVerifier verifier; // null in open mode
  private final Lobby lobby;
  private final Presence presence;
  private final Metrics metrics;
  private final SessionIds ids;
  private final Query<List<Info>> list;
  private final Query<Integer> kick;
  private final Query<Left> replace;

  Logins(
      Store store,
      Router router,
      AuthConfig auth,
      SessionConfig config,
      TokenVerifier verifier,
      Lobby lobby,
      Presence presence,
      Metrics metrics,
      SessionIds ids) {
    this.store = store;
    this.router = router;
    this.auth = auth;
    this.config = config;
    this.verifier = verifier;
    this.lobby = lobby;
    this.presence = presence;
    this.metrics = metrics;
    this.ids = ids;
    this.list =
        router.query(
            "login.sessions",
            (gateway, asked) ->
                under(asked.getString("user"), gateway).stream().map(Info::of).toList(),
            found -> new JsonArray(found.stream().map(Info::wire).toList()),
            Info::readAll);
    this.kick = router.query("login.kick", this::kick, kicked -> kicked, Integer.class::cast);
    this.replace = router.query("login.replace", this::replaceOthers, Left::wire, Left::read);
  }

  /**
   * Logs a connection in. Call on the gateway's event loop; the future completes there, at once in
   * prim's case without tokens.
   *
   * @return the live session; fails with UNAUTHORIZED, TOKEN_EXPIRED, STORE_UNAVAILABLE, or
   *     OPERATION_FAILED when a later login replaced it meanwhile
   */
  public Future<Session> login(Gateway gateway, Connection connection, LoginRequest request) {
    if (auth.mode() == AuthConfig.Mode.OPEN && !request.isNative()) {
      Session session =
          begin(gateway, connection, request, new Identity(request.user(), Set.of(), 0));
      return Future.succeededFuture(live(gateway, session));
    }
    return onLoop(gateway, identify(request.user(), request.platform(), request.token()))
        .compose(
            identity ->
                request.isNative()
                    ? login(gateway, connection, request, identity)
                    : Future.succeededFuture(
                        live(gateway, begin(gateway, connection, request, identity))));
  }

  private Future<Session> login(
      Gateway gateway, Connection connection, LoginRequest request, Identity identity) {
    Session session = begin(gateway, connection, request, identity);
    return goLive(gateway, session)
        .compose(
            higher -> {
              if (higher == 0) {
                return Future.succeededFuture(live(gateway, session));
              }
              if (session.state() != Session.State.PENDING) {
                return Future.succeededFuture(late(gateway, session));
              }
              ids.observe(higher);
              end(gateway, session);
              return login(gateway, connection, request, identity);
            })
        .onFailure(failure -> end(gateway, session));
  }

  /**
   * Listens to the user's rooms and closes what the session replaces.
   *
   * @return 0, or the id above which the session must begin again; fails with OPERATION_FAILED when
   *     a later login replaces it
   */
  private Future<Long> goLive(Gateway gateway, Session session) {
    return onLoop(gateway, store.rooms().roomsOf(session.user()))
        .compose(
            rooms -> {
              if (session.state() == Session.State.PENDING) {
                session
                    .roomsLoaded(rooms)
                    .forEach(room -> gateway.topics().add(Topics.room(room), session));
              }
              return onLoop(
                  gateway,
                  router
                      .settled(session.rooms().stream().map(Topics::room).toList())
                      .compose(settled -> alone(gateway, session)));
            })
        .compose(
            alone -> alone ? Future.succeededFuture(0L) : onLoop(gateway, replaceOthers(session)))
        .map(higher -> higher == LATE ? late(gateway, session).id() : higher);
  }

  /** Checks a token for a live session and moves its end. Completes on the gateway's event loop. */
  public Future<Session> refresh(Gateway gateway, Session session, String token) {
    return onLoop(gateway, identify(session.user(), session.platform(), token))
        .map(
            identity -> {
              session.tokenExpires((int) Math.min(identity.expiresAtSeconds(), Integer.MAX_VALUE));
              return session;
            });
  }

  /**
   * Ends a session: its connection is gone or about to be. Event loop only; ending twice is no
   * error.
   */
  public void end(Gateway gateway, Session session) {
    if (session.state() == Session.State.CLOSED) {
      return;
    }
    if (session.app() != 0) {
      lobby.exit(gateway, session);
    }
    gateway.remove(session);
    session.state(Session.State.CLOSED);
    if (session.isNative()) {
      presence.left(gateway, session);
    }
  }

  /** The sessions under a user's name, prim's apps included, oldest first. Any thread. */
  public Future<List<Info>> sessions(String user) {
    return router
        .ask(list, topics(user), new JsonObject().put("user", user))
        .map(
            all ->
                all.stream()
                    .flatMap(List::stream)
                    .sorted(Comparator.comparingLong(Info::id))
                    .toList());
  }

  /**
   * Closes those of the sessions under a user's name whose ids are named, or all when {@code ids}
   * is empty; how many it was. Any thread.
   */
  public Future<Integer> kick(String user, Set<Long> ids, CloseCode code) {
    JsonObject asked =
        new JsonObject()
            .put("user", user)
            .put("ids", new JsonArray(List.copyOf(ids)))
            .put("code", code.name());
    return router
        .ask(kick, topics(user), asked)
        .map(counts -> counts.stream().mapToInt(Integer::intValue).sum());
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

  /** Tells a session why, then closes its connection. Event loop only. */
  static void kick(Session session, CloseCode code) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("reason", code.reason());
    data.put("code", code.code());
    session.connection().send(Push.of("kick", "", data));
    session.connection().disconnect(code);
  }

  private Future<Identity> identify(String user, String platform, String token) {
    if (verifier == null) {
      return Future.succeededFuture(new Identity(user, Set.of(), 0));
    }
    return verifier
        .verify(token)
        .compose(
            identity -> {
              if (user != null && !user.equals(identity.user())) {
                return refused("the token is another user's than userId");
              }
              if (!identity.platforms().isEmpty() && !identity.platforms().contains(platform)) {
                return refused("the token does not allow platform " + platform);
              }
              return Future.succeededFuture(identity);
            });
  }

  private static Future<Identity> refused(String reason) {
    return Future.failedFuture(new Refusal(ErrorCode.UNAUTHORIZED, reason));
  }

  /**
   * Registers a session under its user, so that from now on others find it, and it hears of rooms.
   */
  private Session begin(
      Gateway gateway, Connection connection, LoginRequest request, Identity identity) {
    Session session =
        new Session(
            ids.next(),
            identity.user(),
            request.platform(),
            request.device(),
            request.isNative(),
            connection);
    session.tokenExpires((int) Math.min(identity.expiresAtSeconds(), Integer.MAX_VALUE));
    if (request.cursors() != null) {
      session.catchUp();
    }
    gateway.add(session);
    if (request.isNative()) {
      gateway.topics().add(Topics.user(session.user()), session);
    }
    if (session.app() != 0) {
      lobby.enter(gateway, session);
    }
    return session;
  }

  private Session live(Gateway gateway, Session session) {
    if (session.state() != Session.State.PENDING) {
      return late(gateway, session);
    }
    session.state(Session.State.LIVE);
    metrics.logins.increment();
    if (session.isNative()) {
      presence.changed(session.user());
    }
    return session;
  }

  /** A later login of the same device came before this one was through. */
  private Session late(Gateway gateway, Session session) {
    end(gateway, session);
    throw new Refusal(ErrorCode.OPERATION_FAILED, "another login of this device came first");
  }

  private Future<Boolean> alone(Gateway gateway, Session session) {
    String topic = Topics.user(session.user());
    return gateway.topics().count(topic) == 1
        ? router.listenedOnlyBy(topic, gateway)
        : Future.succeededFuture(false);
  }

  /**
   * Closes what {@code session} replaces, and the user's oldest above the limit; 0 when it may go
   * live, the id above which it must begin again, or LATE.
   */
  private Future<Long> replaceOthers(Session session) {
    JsonObject newest =
        new JsonObject()
            .put("user", session.user())
            .put("id", session.id())
            .put("platform", session.platform())
            .put("device", session.device());
    return router
        .ask(replace, Topics.user(session.user()), newest)
        .compose(
            all -> {
              List<Long> left = all.stream().map(Left::ids).flatMap(List::stream).sorted().toList();
              long higher = all.stream().mapToLong(Left::higher).max().orElse(0);
              int surplus = left.size() - config.maxPerUser();
              return surplus <= 0
                  ? Future.succeededFuture(higher)
                  : kick(
                          session.user(),
                          new HashSet<>(left.subList(0, surplus)),
                          CloseCode.REPLACED)
                      .map(higher);
            });
  }

  private Left replaceOthers(Gateway gateway, JsonObject newest) {
    long id = newest.getLong("id");
    List<Long> ids = new ArrayList<>();
    long higher = 0;
    for (Session other : gateway.topics().list(Topics.user(newest.getString("user")))) {
      if (other.id() == id || !replaces(newest, other)) {
        ids.add(other.id());
      } else if (other.id() < id) {
        close(gateway, other, CloseCode.REPLACED);
      } else {
        ids.add(other.id());
        boolean late =
            other.state() == Session.State.PENDING || SessionIds.sameNode(other.id(), id);
        higher = late ? LATE : Math.max(higher, other.id());
      }
    }
    return new Left(ids, higher);
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
    kick(session, code);
    end(gateway, session);
  }

  private static <T> Future<T> onLoop(Gateway gateway, Future<T> future) {
    Promise<T> promise = Promise.promise();
    future.onComplete(
        result ->
            gateway
                .inbox()
                .put(
                    () -> {
                      if (result.succeeded()) {
                        promise.complete(result.result());
                      } else {
                        promise.fail(result.cause());
                      }
                    }));
    return promise.future();
  }

  /**
   * One gateway's sessions of a user that were not replaced.
   *
   * @param ids theirs
   * @param higher the highest id of a live one that the asking session should have replaced; LATE
   *     when the asking session came before one of them; 0 for none
   */
  private record Left(List<Long> ids, long higher) {
    Object wire() {
      return new JsonObject().put("ids", new JsonArray(ids)).put("higher", higher);
    }

    static Left read(Object json) {
      JsonObject left = (JsonObject) json;
      List<Long> ids =
          left.getJsonArray("ids").stream().map(id -> ((Number) id).longValue()).toList();
      return new Left(ids, left.getLong("higher"));
    }
  }

  /**
   * A session as others may know it.
   *
   * @param id unique among nodes, ascending with time
   */
  public record Info(long id, String user, String platform, String device, String remote) {
    static Info of(Session session) {
      return new Info(
          session.id(),
          session.user(),
          session.platform(),
          session.device(),
          session.connection().remote());
    }

    JsonObject wire() {
      return new JsonObject()
          .put("id", id)
          .put("user", user)
          .put("platform", platform)
          .put("device", device)
          .put("remote", remote);
    }

    static List<Info> readAll(Object json) {
      return ((JsonArray) json).stream().map(JsonObject.class::cast).map(Info::read).toList();
    }

    private static Info read(JsonObject info) {
      return new Info(
          info.getLong("id"),
          info.getString("user"),
          info.getString("platform"),
          info.getString("device"),
          info.getString("remote"));
    }
  }
}
