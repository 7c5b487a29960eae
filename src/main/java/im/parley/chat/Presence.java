package im.parley.chat;

import im.parley.cluster.Membership;
import im.parley.config.SessionConfig;
import im.parley.protocol.ErrorCode;
import im.parley.protocol.Push;
import im.parley.protocol.Refusal;
import im.parley.session.Audience;
import im.parley.session.Gateway;
import im.parley.session.Query;
import im.parley.session.Router;
import im.parley.session.Session;
import im.parley.session.Topics;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Who is online. Queries ask the gateways; changes go only to those who watch a user, and that a
 * user went only after a grace, so that a flap or a restart stays silent.
 */
public final class Presence {
  /**
   * Departures that wait for the grace on one event loop; beyond it watchers hear of a departure at
   * once.
   */
  private static final int MAX_DEPARTURES = 100_000;

  private final Router router;
  private final SessionConfig config;
  private final Query<JsonObject> platforms;
  private final List<ArrayDeque<Departure>> departures; // by gateway, each on its event loop only
  private final Queue<String> bereft = new ConcurrentLinkedQueue<>(); // had sessions on a dead node
  private final AtomicInteger watchers = new AtomicInteger(); // spreads them over the gateways

  Presence(Router router, SessionConfig config) {
    this.router = router;
    this.config = config;
    this.platforms =
        router.query(
            "presence.platforms", Presence::platforms, found -> found, JsonObject.class::cast);
    this.departures =
        router.gateways().stream().map(gateway -> new ArrayDeque<Departure>()).toList();
    router
        .cluster()
        .membership()
        .watch(
            new Membership.Watcher() {
              @Override
              public void left(long node) {
                mourn(node);
              }
            });
  }

  /** The most users that one session may watch, or ask for at once. */
  public int maxWatched() {
    return config.maxWatched();
  }

  /**
   * The wire form of each user's state: {@code {"user","online","platforms"}}, in the order asked.
   * Any thread.
   */
  public Future<List<Map<String, Object>>> query(List<String> users) {
    return router
        .askKnown(
            platforms,
            users.stream().map(Topics::user).toList(),
            new JsonObject().put("users", new JsonArray(users)))
        .map(
            answers ->
                users.stream()
                    .map(
                        user -> {
                          Set<String> platforms = new TreeSet<>();
                          answers.forEach(
                              answer -> platforms.addAll(strings(answer.getJsonArray(user))));
                          return state(user, platforms);
                        })
                    .toList());
  }

  /**
   * Lets a session hear of these users' changes. Its event loop only.
   *
   * @return completes when it hears of every further change
   */
  public Future<Void> watch(Gateway gateway, Session session, List<String> users) {
    Set<String> watched = new HashSet<>(session.watched());
    watched.addAll(users);
    if (watched.size() > config.maxWatched()) {
      throw new Refusal(
          ErrorCode.TOO_LARGE,
          "users: a session watches at most " + config.maxWatched() + " users");
    }
    session.watched(watched);
    users.forEach(user -> gateway.topics().add(Topics.presence(user), session));
    return router.settled(users.stream().map(Topics::presence).toList());
  }

  /** Takes it back. The session's event loop only. */
  public void unwatch(Gateway gateway, Session session, List<String> users) {
    Set<String> watched = new HashSet<>(session.watched());
    for (String user : users) {
      if (watched.remove(user)) {
        gateway.topics().remove(Topics.presence(user), session);
      }
    }
    session.watched(watched);
  }

  /**
   * Lets someone who is no session hear that these users' state may have changed: {@code changed}
   * gets the user's id, on an event loop. A hint, that may be lost under overload; {@link #query}
   * has the state.
   *
   * @return the watcher, once it hears of every further change; close it. Fails with TOO_LARGE.
   */
  public Future<Watcher> watch(List<String> users, Consumer<String> changed) {
    if (users.size() > config.maxWatched()) {
      return Future.failedFuture(
          new Refusal(
              ErrorCode.TOO_LARGE,
              "users: at most " + config.maxWatched() + " at once, got " + users.size()));
    }
    List<Gateway> gateways = router.gateways();
    int turn = Math.floorMod(watchers.getAndIncrement(), gateways.size());
    return Watcher.start(gateways.get(turn), users, changed)
        .compose(
            watcher ->
                router
                    .settled(users.stream().map(Topics::presence).toList())
                    .onFailure(silent -> watcher.close())
                    .map(watcher));
  }

  /** Finds those whom only a dead node had, among the users that are watched here. */
  private void mourn(long node) {
    List<String> topics = new ArrayList<>();
    for (String topic : router.topicsHere()) {
      if (Topics.isPresence(topic)) {
        topics.add(Topics.user(Topics.watched(topic)));
      }
    }
    if (!topics.isEmpty()) {
      router
          .cluster()
          .directory()
          .whereOnly(node, topics)
          .onSuccess(gone -> gone.forEach(topic -> bereft.add(Topics.userOf(topic))));
    }
  }

  /** Tells this node's watchers of a user how things are. Any thread. */
  Future<Void> refresh(String user) {
    return query(List.of(user))
        .onSuccess(
            states ->
                states.forEach(
                    state ->
                        router.routeHere(
                            Push.droppable("presence", "", state),
                            Audience.of(Topics.presence(user)))))
        .mapEmpty();
  }

  /**
   * A session of the user came or, with others left, went. Any thread.
   *
   * @return completes when it was told; a failure may be ignored, for it is a hint
   */
  Future<Void> changed(String user) {
    return router
        .listened(Topics.presence(user))
        .compose(watched -> watched ? query(List.of(user)) : Future.succeededFuture(List.of()))
        .onSuccess(states -> states.forEach(state -> push(user, state)))
        .mapEmpty();
  }

  /** A session went. Its event loop only. */
  void left(Gateway gateway, Session session) {
    String user = session.user();
    int due = session.connection().now() + (int) config.offlineGrace().toSeconds();
    onLoop(
        gateway,
        router.listened(Topics.presence(user)),
        watched -> {
          if (watched) {
            onLoop(
                gateway,
                router.listened(Topics.user(user)),
                present -> departed(gateway, user, present, due));
          }
        });
  }

  private void departed(Gateway gateway, String user, boolean present, int due) {
    ArrayDeque<Departure> queue = departures.get(gateway.index());
    if (present || queue.size() >= MAX_DEPARTURES) {
      changed(user);
    } else {
      queue.add(new Departure(user, due, false));
    }
  }

  /** Goes on with an answer on the gateway's event loop, at once when it is there already. */
  private static <T> void onLoop(Gateway gateway, Future<T> answer, Consumer<T> next) {
    if (answer.succeeded()) {
      next.accept(answer.result());
    } else {
      answer.onSuccess(result -> gateway.inbox().put(() -> next.accept(result)));
    }
  }

  /**
   * Tells of those who left and did not come back within the grace. Each second on the gateway's
   * event loop.
   */
  public void sweep(Gateway gateway, int now) {
    ArrayDeque<Departure> queue = departures.get(gateway.index());
    for (String user; (user = bereft.poll()) != null; ) {
      queue.add(new Departure(user, now + (int) config.offlineGrace().toSeconds(), true));
    }
    while (!queue.isEmpty() && queue.peek().due() <= now) {
      Departure departure = queue.poll();
      String user = departure.user();
      router
          .listened(Topics.user(user))
          .onSuccess(
              present -> {
                if (!present) {
                  tellOffline(departure);
                }
              });
    }
  }

  private void push(String user, Map<String, Object> state) {
    router.route(Push.droppable("presence", "", state), Audience.of(Topics.presence(user)));
  }

  /** The platforms of those of the users who have sessions on a gateway, by user. */
  private static JsonObject platforms(Gateway gateway, JsonObject asked) {
    JsonObject found = new JsonObject();
    for (String user : strings(asked.getJsonArray("users"))) {
      Set<String> platforms = new TreeSet<>();
      gateway.topics().forEach(Topics.user(user), session -> platforms.add(session.platform()));
      if (!platforms.isEmpty()) {
        found.put(user, new JsonArray(List.copyOf(platforms)));
      }
    }
    return found;
  }

  @SuppressWarnings("unchecked") // only texts were put in
  private static List<String> strings(JsonArray array) {
    return array == null ? List.of() : array.getList();
  }

  private static Map<String, Object> state(String user, Set<String> platforms) {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("user", user);
    state.put("online", !platforms.isEmpty());
    state.put("platforms", new ArrayList<>(platforms));
    return state;
  }

  /** Each node tells its own watchers of those whom a dead node had. */
  private void tellOffline(Departure departure) {
    Push push = Push.droppable("presence", "", state(departure.user(), Set.of()));
    Audience watchers = Audience.of(Topics.presence(departure.user()));
    if (departure.ofDeadNode()) {
      router.routeHere(push, watchers);
    } else {
      router.route(push, watchers);
    }
  }

  private record Departure(String user, int due, boolean ofDeadNode) {}
}
