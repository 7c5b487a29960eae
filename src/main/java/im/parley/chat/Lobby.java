package im.parley.chat;

import static java.util.concurrent.TimeUnit.SECONDS;

import im.parley.config.ChatConfig;
import im.parley.metrics.Metrics;
import im.parley.protocol.CloseCode;
import im.parley.protocol.Platform;
import im.parley.protocol.Push;
import im.parley.session.Audience;
import im.parley.session.Gateway;
import im.parley.session.Query;
import im.parley.session.Router;
import im.parley.session.Session;
import im.parley.session.Topics;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * prim's rooms: one per app number, where who logs in is in. Nothing here is stored. An identity,
 * {@code <app>_<user>}, has one owner: the newest login.
 */
public final class Lobby {
  private static final Duration ID_LIFE = Duration.ofHours(12); // prim's
  private static final int CLAIMS = 6; // 5 s apart: a silent node is gone, or back, by then
  private static final int MAX_IDS = 200_000;
  private static final int ONLINE_SECONDS = 180; // prim's: a younger heartbeat counts as online

  private final Router router;
  private final ChatConfig config;
  private final Clock clock;
  private final Metrics metrics;
  private final RecentIds recent;
  private final Query<List<String>> users;
  private final Query<Boolean> online;
  private final Query<Boolean> send;
  private final Query<Long> contest;
  private final AtomicIntegerArray sizes =
      new AtomicIntegerArray(Platform.LAST_APP + 1); // owners on this node, by app

  Lobby(Router router, ChatConfig config, Clock clock, Metrics metrics) {
    this.router = router;
    this.config = config;
    this.clock = clock;
    this.metrics = metrics;
    this.users = router.query("lobby.users", Lobby::users, JsonArray::new, Lobby::strings);
    this.online =
        router.query("lobby.online", Lobby::online, online -> online, Boolean.class::cast);
    this.send = router.query("lobby.send", Lobby::send, sent -> sent, Boolean.class::cast);
    this.contest = router.query("lobby.contest", this::contest, newest -> newest, Lobby::number);
    this.recent = new RecentIds(clock, ID_LIFE, MAX_IDS);
  }

  /**
   * Makes a session the owner of its identity; the former owner gets no more. The session's event
   * loop only.
   */
  void enter(Gateway gateway, Session session) {
    int app = session.app();
    String identity = Topics.identity(app, session.user());
    gateway.topics().add(identity, session);
    gateway.topics().add(Topics.lobby(app), session);
    sizes.incrementAndGet(app);
    claim(gateway, session, CLAIMS);
    announce("enter", app, session.user(), "哈喽~");
  }

  /** Disowns former owners; again after a while when a node that may have one does not answer. */
  private void claim(Gateway gateway, Session session, int tries) {
    String identity = Topics.identity(session.app(), session.user());
    Future<Boolean> alone =
        gateway.topics().count(identity) > 1
            ? Future.succeededFuture(false)
            : router.listenedOnlyBy(identity, gateway);
    alone
        .compose(only -> only ? Future.succeededFuture() : contest(identity, session.id()))
        .onFailure(
            silent -> {
              if (tries > 1) {
                gateway.loop().schedule(() -> reclaim(gateway, session, tries - 1), 5, SECONDS);
              }
            });
  }

  private void reclaim(Gateway gateway, Session session, int tries) {
    if (session.state() == Session.State.LIVE || session.state() == Session.State.PENDING) {
      claim(gateway, session, tries);
    }
  }

  /** Contests an owner's identity, after its node had been apart from others. */
  Future<Void> settle(String identity, Session owner) {
    return contest(identity, owner.id());
  }

  /**
   * The session is over: others hear of it when it owned its identity. Call while its topics are
   * still there.
   */
  void exit(Gateway gateway, Session session) {
    if (session.state() != Session.State.DISOWNED) {
      sizes.decrementAndGet(session.app());
      announce("exit", session.app(), session.user(), "用户已经离开~");
    }
  }

  /** The users in an app's lobby, each once. */
  public Future<List<String>> users(int app) {
    return router
        .ask(users, Topics.lobby(app), new JsonObject().put("app", app))
        .map(all -> all.stream().flatMap(List::stream).distinct().toList());
  }

  private static List<String> users(Gateway gateway, JsonObject asked) {
    List<String> users = new ArrayList<>();
    gateway
        .topics()
        .forEach(Topics.lobby(asked.getInteger("app")), session -> users.add(session.user()));
    return users;
  }

  /**
   * Whether a user is online as prim means it: its last heartbeat is younger than 180 s; app 0 asks
   * for any app.
   */
  public Future<Boolean> online(long app, String user) {
    List<Future<Boolean>> answers = new ArrayList<>();
    for (int each = Platform.FIRST_APP; each <= Platform.LAST_APP; each++) {
      if (app == 0 || app == each) {
        String identity = Topics.identity(each, user);
        answers.add(
            router
                .ask(online, identity, new JsonObject().put("identity", identity))
                .map(all -> all.contains(true)));
      }
    }
    return Future.all(answers).map(all -> all.list().contains(true));
  }

  /**
   * Whether this message id is new on all nodes within 12 hours; prim sends nothing for an old one.
   * Fails with BUSY when that cannot be told now.
   */
  public Future<Boolean> firstTime(String messageId) {
    Future<Boolean> first =
        recent.add(messageId)
            ? router
                .cluster()
                .firstTime(RecentIds.key(messageId), ID_LIFE)
                .onFailure(unknown -> recent.forget(messageId))
            : Future.succeededFuture(false);
    return first.onSuccess(
        isFirst -> {
          if (!isFirst) {
            metrics.primDuplicates.increment();
          }
        });
  }

  /**
   * Sends to the owner of an identity; whether there is one. prim names the recipient as the
   * sender.
   */
  public Future<Boolean> send(long app, String user, String action, String seq, String text) {
    if (!Platform.isApp(app)) {
      return Future.succeededFuture(false);
    }
    String identity = Topics.identity((int) app, user);
    JsonObject message =
        new JsonObject()
            .put("identity", identity)
            .put("action", action)
            .put("seq", seq)
            .put("user", user)
            .put("text", text);
    return router.ask(send, identity, message).map(all -> all.contains(true));
  }

  private static Boolean send(Gateway gateway, JsonObject message) {
    List<Session> owners = gateway.topics().list(message.getString("identity"));
    Push push =
        push(
            message.getString("action"),
            message.getString("seq"),
            message.getString("user"),
            message.getString("text"));
    owners.forEach(session -> session.deliver(push));
    return !owners.isEmpty();
  }

  /** Sends to everyone in an app's lobby but {@code from}. */
  public void sendAll(long app, String from, String action, String seq, String text) {
    if (Platform.isApp(app)) {
      router.route(
          push(action, seq, from, text), Audience.of(Topics.lobby((int) app)).butUser(from));
    }
  }

  private void announce(String action, int app, String user, String text) {
    // Clients are spread evenly, so this node's share tells the size of the whole.
    long size = (long) sizes.get(app) * router.cluster().membership().nodes().size();
    if (size <= config.lobbyAnnounceLimit()) {
      String seq = Integer.toString(clock.instant().getNano()); // as prim's
      Push push = Push.droppable(action, seq, data(user, text));
      router.route(push, Audience.of(Topics.lobby(app)).butUser(user));
    }
  }

  /**
   * Disowns all older than {@code id}; and everywhere, when there is one newer than that, what is
   * older than it.
   */
  private Future<Void> contest(String identity, long id) {
    return router
        .ask(contest, identity, new JsonObject().put("identity", identity).put("id", id))
        .compose(
            known -> {
              long newest = known.stream().mapToLong(Long::longValue).max().orElse(id);
              return newest > id ? contest(identity, newest) : Future.succeededFuture();
            });
  }

  /** Disowns a gateway's owners that are older than an id; the newest that it knows of. */
  private Long contest(Gateway gateway, JsonObject contested) {
    long newest = contested.getLong("id");
    for (Session session : gateway.topics().list(contested.getString("identity"))) {
      if (session.id() > newest) {
        newest = session.id();
      }
    }
    for (Session session : gateway.topics().list(contested.getString("identity"))) {
      if (session.id() < newest) {
        sizes.decrementAndGet(session.app());
        gateway.silence(session);
        session.state(Session.State.DISOWNED);
        if (session.isNative()) {
          Devices.tell(session, CloseCode.REPLACED);
        }
      }
    }
    return newest;
  }

  private static Boolean online(Gateway gateway, JsonObject asked) {
    return gateway.topics().list(asked.getString("identity")).stream()
        .anyMatch(
            session ->
                session.connection().now() - session.connection().lastSeen() < ONLINE_SECONDS);
  }

  private static Long number(Object json) {
    return ((Number) json).longValue();
  }

  @SuppressWarnings("unchecked") // only texts were put in
  private static List<String> strings(Object json) {
    return ((JsonArray) json).getList();
  }

  private static Push push(String action, String seq, String from, String text) {
    return Push.of(action, seq, data(from, text));
  }

  private static Map<String, Object> data(String from, String text) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("target", "");
    data.put("type", "text");
    data.put("msg", text);
    data.put("from", from);
    return data;
  }
}
