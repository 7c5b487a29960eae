package im.parley.grpc;

import im.parley.chat.Presence;
import im.parley.chat.Watcher;
import im.parley.grpc.v1.UserPresence;
import im.parley.grpc.v1.WatchPresenceEvent;
import im.parley.grpc.v1.WatchPresenceRequest;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One Watch. Event loop only but for {@link #stale}.
 *
 * <p>What it is told of a change is only a hint: the user's state is stale. It asks for the states
 * of stale users, one question at a time and only while the stream takes more, and writes those
 * that differ from what the caller has. So all it ever holds is the set of stale users and the last
 * state told of each, however slowly the caller reads; and because a question follows each hint, an
 * old state never comes after a newer one.
 */
final class PresenceStream {
  /** How often all users count as stale, in case a hint was lost. */
  private static final long AUDIT_MILLIS = 60_000;

  private final Call<WatchPresenceRequest, WatchPresenceEvent> call;
  private final Presence presence;
  private final List<String> users;
  private final Map<String, UserPresence> told = new HashMap<>();
  private final Set<String> stale = ConcurrentHashMap.newKeySet(); // any thread
  private Future<Watcher> watcher;
  private long audit = -1;
  private boolean asking;

  PresenceStream(
      Call<WatchPresenceRequest, WatchPresenceEvent> call, Presence presence, List<String> users) {
    this.call = call;
    this.presence = presence;
    this.users = users;
  }

  /** Listens first and asks then, so that no change falls between. */
  void start() {
    call.response().drainHandler(v -> ask());
    watcher = presence.watch(users, this::stale);
    audit = call.context().owner().setPeriodic(AUDIT_MILLIS, id -> askAll());
    call.then(watcher, listening -> askAll());
  }

  void close() {
    call.context().owner().cancelTimer(audit);
    watcher.onSuccess(Watcher::close);
  }

  /** Any thread. One task for each user that was not stale yet. */
  private void stale(String user) {
    if (stale.add(user)) {
      call.context().runOnContext(v -> ask());
    }
  }

  private void askAll() {
    stale.addAll(users);
    ask();
  }

  private void ask() {
    if (asking || call.ended() || stale.isEmpty() || call.response().writeQueueFull()) {
      return;
    }
    List<String> asked =
        users.stream().filter(stale::remove).toList(); // before asking: later hints count again
    asking = true;
    call.then(
        presence.query(asked),
        states -> {
          asking = false;
          tell(states);
          ask();
        });
  }

  private void tell(List<Map<String, Object>> states) {
    WatchPresenceEvent.Builder event = WatchPresenceEvent.newBuilder();
    for (Map<String, Object> state : states) {
      UserPresence present = PresenceCalls.state(state);
      if (!present.equals(told.put(present.getUser(), present))) {
        event.addUsers(present);
      }
    }
    if (event.getUsersCount() > 0) {
      call.write(event.build());
    }
  }
}
