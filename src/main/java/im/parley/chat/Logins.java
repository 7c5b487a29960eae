package im.parley.chat;

import im.parley.auth.Identity;
import im.parley.auth.TokenVerifier;
import im.parley.cluster.NodeInfo;
import im.parley.config.AuthConfig;
import im.parley.config.SessionConfig;
import im.parley.metrics.Metrics;
import im.parley.protocol.CloseCode;
import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import im.parley.session.Connection;
import im.parley.session.Gateway;
import im.parley.session.Router;
import im.parley.session.Session;
import im.parley.session.Topics;
import im.parley.store.Store;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Set;

/**
 * Begins and ends sessions.
 *
 * <p>A new session registers first and then asks the user's other gateways, on any node, to close
 * what it replaces. Session ids ascend: of two logins at the same time the later one stays, whoever
 * registers or asks first; see {@link Devices}. When the clock of another node is ahead the new
 * session begins again with a higher id. It goes live when all have confirmed, so there is no
 * moment with both.
 */
public final class Logins {
  private final Store store;
  private final Router router;
  private final AuthConfig auth;
  private final TokenVerifier verifier; // null in open mode
  private final Lobby lobby;
  private final Presence presence;
  private final Metrics metrics;
  private final SessionIds ids;
  private final Devices devices;

  Logins(
      Store store,
      Router router,
      AuthConfig auth,
      SessionConfig config,
      TokenVerifier verifier,
      Lobby lobby,
      Presence presence,
      Metrics metrics,
      SessionIds ids,
      NodeInfo self) {
    this.store = store;
    this.router = router;
    this.auth = auth;
    this.verifier = verifier;
    this.lobby = lobby;
    this.presence = presence;
    this.metrics = metrics;
    this.ids = ids;
    this.devices = new Devices(router, config, self, this::end);
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
            alone ->
                alone ? Future.succeededFuture(0L) : onLoop(gateway, devices.makeRoom(session)))
        .map(higher -> higher == Devices.LATE ? late(gateway, session).id() : higher);
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
  public Future<List<SessionInfo>> sessions(String user) {
    return devices.list(user);
  }

  /**
   * Closes those of the sessions under a user's name whose ids are named, or all when {@code ids}
   * is empty; how many it was. Any thread.
   */
  public Future<Integer> kick(String user, Set<Long> ids, CloseCode code) {
    return devices.kick(user, ids, code);
  }

  Devices devices() {
    return devices;
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
}
