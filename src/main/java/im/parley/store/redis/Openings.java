package im.parley.store.redis;

import im.parley.store.Draft;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Makes sure that a direct conversation is in the lists of both its users before anything is
 * appended to it. The lists are elsewhere in a Redis Cluster, so the two cannot be one step; in
 * this order a crash between them leaves a list with an entry that is read as nothing, never a
 * message in a conversation that nobody sees.
 *
 * <p>Done once for each conversation and node, and again after Redis may have lost it; drafts of a
 * conversation that is being opened wait in their order. Store loop only.
 */
final class Openings {
  private static final int KEPT = 65_536;

  private final Shards shards;
  private final Map<String, Queue<Promise<Void>>> opening = new HashMap<>();
  private final Map<String, Boolean> listed =
      new LinkedHashMap<>(1_024, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > KEPT;
        }
      };

  Openings(Shards shards) {
    this.shards = shards;
  }

  /** Runs {@code append} once the users have {@code draft}'s conversation in their lists. */
  <T> Future<T> after(Draft draft, Supplier<Future<T>> append) {
    Queue<Promise<Void>> queue = opening.get(draft.conversation());
    if (queue == null && (draft.members().isEmpty() || listed.get(draft.conversation()) != null)) {
      return append.get();
    }
    boolean first = queue == null;
    if (first) {
      queue = new ArrayDeque<>();
      opening.put(draft.conversation(), queue);
    }
    Promise<Void> turn = Promise.promise();
    queue.add(turn);
    Future<T> appended = turn.future().compose(open -> append.get());
    if (first) {
      list(draft);
    }
    return appended;
  }

  /** Redis may have lost what was listed. */
  void forget() {
    listed.clear();
  }

  private void list(Draft draft) {
    Future.all(draft.members().stream().map(user -> enter(user, draft.conversation())).toList())
        .onComplete(
            done -> {
              Queue<Promise<Void>> queue = opening.remove(draft.conversation());
              if (done.succeeded()) {
                listed.put(draft.conversation(), true);
                queue.forEach(Promise::complete);
              } else {
                queue.forEach(turn -> turn.fail(done.cause()));
              }
            });
  }

  private Future<?> enter(String user, String conversation) {
    String key = Keys.userConversations(user);
    return shards.write(key, reign -> Request.cmd(Command.ZADD).arg(key).arg(0).arg(conversation));
  }
}
