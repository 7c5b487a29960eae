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
import im.parley.session.Router;
import im.parley.session.Session;
import im.parley.session.Topics;
import im.parley.store.Store;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Begins and ends sessions, and decides which sessions of a user may live side by side.
 *
 * <p>A new session registers first and then asks the user's other gateways to close what it replaces. Session ids ascend, and a
 * session closes only lower ones and gives way to a higher one that it meets: of two logins at the same time the later one stays,
 * whoever registers or asks first. It goes live when all have confirmed, so there is no moment with both.
 */
public final class Logins {
  private final Store store;
  private final Router router;
  private final AuthConfig auth;
  private final SessionConfig config;
  private final TokenVerifier verifier; // null in open mode
  private final Lobby lobby;
  private final Presence presence;
  private final Metrics metrics;
  private final AtomicLong ids = new AtomicLong();

  Logins(
      Store store,
      Router router,
      AuthConfig auth,
      SessionConfig config,
      TokenVerifier verifier,
      Lobby lobby,
      Presence presence,
      Metrics metrics) {
    this.store = store;
    this.router = router;
    this.auth = auth;
    this.config = config;
    this.verifier = verifier;
    this.lobby = lobby;
    this.presence = presence;
    this.metrics = metrics;
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
      Session session = begin(gateway, connection, request, request.user(), List.of());
      return Future.succeededFuture(live(gateway, session));
    }
    Future<Identity> identified = identify(request.user(), request.platform(), request.token());
    return onLoop(gateway, identified.compose(identity -> roomsOf(request, identity)))
        .compose(
            known -> {
              Session session =
                  begin(gateway, connection, request, known.identity().user(), known.rooms());
              session.tokenExpires(
                  (int) Math.min(known.identity().expiresAtSeconds(), Integer.MAX_VALUE));
              if (!request.isNative() || alone(gateway, session)) {
                return Future.succeededFuture(live(gateway, session));
              }
              return onLoop(gateway, replaceOthers(session)).map(latest -> latest ? live(gateway, session) : late(gateway, session));
            });
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
        .askAll(gateway -> under(user, gateway).stream().map(Info::of).toList())
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
    return router
        .askAll(
            gateway -> {
              int kicked = 0;
              for (Session session : under(user, gateway)) {
                if (ids.isEmpty() || ids.contains(session.id())) {
                  close(gateway, session, code);
                  kicked++;
                }
              }
              return kicked;
            })
        .map(counts -> counts.stream().mapToInt(Integer::intValue).sum());
  }

  private static Set<Session> under(String user, Gateway gateway) {
    Set<Session> sessions = new LinkedHashSet<>(gateway.topics().list(Topics.user(user)));
    for (int app = Platform.FIRST_APP; app <= Platform.LAST_APP; app++) {
      sessions.addAll(gateway.topics().list(Topics.identity(app, user)));
    }
    return sessions;
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

  private Future<Known> roomsOf(LoginRequest request, Identity identity) {
    return request.isNative()
        ? store.rooms().roomsOf(identity.user()).map(rooms -> new Known(identity, rooms))
        : Future.succeededFuture(new Known(identity, List.of()));
  }

  private Session begin(
      Gateway gateway,
      Connection connection,
      LoginRequest request,
      String user,
      List<String> rooms) {
    Session session =
        new Session(
            ids.incrementAndGet(),
            user,
            request.platform(),
            request.device(),
            request.isNative(),
            connection);
    session.rooms(rooms);
    if (request.cursors() != null) {
      session.catchUp();
    }
    gateway.add(session);
    if (request.isNative()) {
      gateway.topics().add(Topics.user(user), session);
      rooms.forEach(room -> gateway.topics().add(Topics.room(room), session));
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

  private boolean alone(Gateway gateway, Session session) {
    String topic = Topics.user(session.user());
    return gateway.topics().count(topic) == 1 && router.listenedOnlyBy(topic, gateway);
  }

  /** Closes what {@code session} replaces, and the user's oldest above the limit; false when a later login replaces itself. */
  private Future<Boolean> replaceOthers(Session session) {
    String topic = Topics.user(session.user());
    return router
        .ask(topic, gateway -> replaceOthers(session, gateway, topic))
        .compose(
            all -> {
              List<Long> left = all.stream().map(Left::ids).flatMap(List::stream).sorted().toList();
              boolean latest = all.stream().noneMatch(Left::later);
              int surplus = left.size() - config.maxPerUser();
              return surplus <= 0
                  ? Future.succeededFuture(latest)
                  : kick(session.user(), new HashSet<>(left.subList(0, surplus)), CloseCode.REPLACED).map(latest);
            });
  }

  private Left replaceOthers(Session session, Gateway gateway, String topic) {
    List<Long> ids = new ArrayList<>();
    boolean later = false;
    for (Session other : gateway.topics().list(topic)) {
      if (other == session || !replaces(session, other)) {
        ids.add(other.id());
      } else if (other.id() < session.id()) {
        close(gateway, other, CloseCode.REPLACED);
      } else {
        ids.add(other.id());
        later = true;
      }
    }
    return new Left(ids, later);
  }

  private boolean replaces(Session newest, Session older) {
    return switch (config.policy()) {
      case SINGLE -> true;
      case PLATFORM -> older.platform().equals(newest.platform());
      case DEVICE ->
          older.platform().equals(newest.platform()) && older.device().equals(newest.device());
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

  /** One gateway's sessions of a user that were not replaced, and whether a later one of them replaces the one that asked. */
  private record Left(List<Long> ids, boolean later) {}

  private record Known(Identity identity, List<String> rooms) {}

  /**
   * A session as others may know it.
   *
   * @param id unique on its node, ascending with time
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
  }
}
