package im.parley.cluster;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.IMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what this node wants of each topic, listed or not, into the cluster's map.
 *
 * <p>A topic has a {@link Change} from the first call until the map is as the last call wants it.
 * Only one operation of a change is under way at any time, and which one is decided when it is
 * sent; so operations that are slow, fail or are repeated cannot overtake each other, and calls
 * that undo each other cost one operation. Changes wait in a queue, each once, so the queue is no
 * longer than this node has topics.
 *
 * <p>A call only notes what is wanted. A thread of its own sends, because a call may come from
 * inside a lock, where what else the thread would have to do is not known to be harmless.
 */
final class Registrations {
  private static final Logger log = LoggerFactory.getLogger(Registrations.class);
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final int MOST_DOUBLINGS = 7; // 6.4 s

  // Any thread
  private final ConcurrentHashMap<String, Change> changes = new ConcurrentHashMap<>();
  private final Queue<Change> waiting = new ConcurrentLinkedQueue<>();
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean awake = new AtomicBoolean();
  private final ScheduledExecutorService thread;
  private final IMap<String, long[]> map;
  private final EntryProcessor<String, long[], long[]> add;
  private final EntryProcessor<String, long[], long[]> remove;
  private final int most;
  private final Consumer<String> changed;
  private volatile Directory.Local local;
  private volatile CompletableFuture<Void> closing;

  // Own thread only
  private int underWay;
  private long failures;

  /**
   * @param thread one thread, for this alone
   * @param most operations under way at once
   * @param changed told of each topic that this node has changed
   */
  Registrations(
      ScheduledExecutorService thread,
      IMap<String, long[]> map,
      long self,
      int most,
      Consumer<String> changed) {
    this.thread = thread;
    this.map = map;
    this.add = new AddNode(self);
    this.remove = new RemoveNode(self);
    this.most = most;
    this.changed = changed;
  }

  /** A topic on its way to what is wanted. All fields are guarded by its entry in the map. */
  private static final class Change {
    final String topic;
    boolean wanted;
    boolean sent; // what the operation that is under way does
    boolean looked; // wanted is what the node was seen to listen to, no call said so
    boolean again; // once more, whatever the operation under way achieves
    int failures;
    final List<CompletableFuture<long[]>> asking = new ArrayList<>(0);
    final List<CompletableFuture<Void>> settling = new ArrayList<>(0);

    Change(String topic) {
      this.topic = topic;
    }
  }

  private record Answer(Change change, long[] nodes, Throwable failure) {}

  void follow(Directory.Local local) {
    this.local = local;
  }

  /** Notes what is wanted. */
  void want(String topic, boolean listed) {
    changes.compute(
        topic,
        (key, before) -> {
          Change change = before == null ? queued(new Change(key)) : before;
          change.wanted = listed;
          change.looked = false;
          return change;
        });
    wake();
  }

  /**
   * Brings the map to what this node listens to now, whatever is remembered of it. The future
   * completes when it is there.
   */
  CompletableFuture<Void> restore(String topic) {
    CompletableFuture<Void> settled = new CompletableFuture<>();
    changes.compute(
        topic,
        (key, before) -> {
          Change change = before;
          if (change == null) {
            change = queued(new Change(key));
            change.looked = true;
          }
          change.again = true;
          change.settling.add(settled);
          return change;
        });
    wake();
    return settled;
  }

  /** The topic's nodes after what is under way, or null when nothing is. */
  CompletableFuture<long[]> settled(String topic) {
    CompletableFuture<long[]> nodes = new CompletableFuture<>();
    Change change =
        changes.computeIfPresent(
            topic,
            (key, present) -> {
              present.asking.add(nodes);
              return present;
            });
    return change == null ? null : nodes;
  }

  boolean isPending(String topic) {
    return changes.containsKey(topic);
  }

  int pending() {
    return changes.size();
  }

  /** Sends nothing more; completes when nothing is under way. */
  CompletableFuture<Void> close() {
    closing = new CompletableFuture<>();
    wake();
    return closing;
  }

  private Change queued(Change change) {
    waiting.add(change);
    return change;
  }

  private void wake() {
    if (!awake.get() && awake.compareAndSet(false, true)) {
      try {
        thread.execute(this::work);
      } catch (RejectedExecutionException ended) {
        log.debug("the directory is closed, a registration is dropped");
      }
    }
  }

  private void work() {
    awake.set(false); // first, so that whatever comes from now on wakes again
    for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
      underWay--;
      answered(answer);
    }
    boolean open = closing == null;
    while (open && underWay < most) {
      Change next = waiting.poll();
      if (next == null) {
        return;
      }
      send(next);
    }
    if (!open && underWay == 0) {
      closing.complete(null);
    }
  }

  private void send(Change change) {
    boolean[] listed = new boolean[1];
    changes.computeIfPresent(
        change.topic,
        (key, same) -> {
          same.wanted = same.looked ? local.listens(key) : same.wanted;
          same.sent = same.wanted;
          same.again = false;
          listed[0] = same.sent;
          return same;
        });
    underWay++;
    try {
      // Hazelcast's own pool may be one thread for each task; the answer goes into a queue at once.
      map.submitToKey(change.topic, listed[0] ? add : remove)
          .whenCompleteAsync(
              (nodes, failure) -> answer(new Answer(change, nodes, failure)), Runnable::run);
    } catch (RuntimeException failure) {
      answer(new Answer(change, null, failure));
    }
  }

  private void answer(Answer answer) {
    answers.add(answer);
    wake();
  }

  private void answered(Answer answer) {
    if (answer.failure() != null) {
      retry(answer.change(), answer.failure());
      return;
    }
    changed.accept(answer.change().topic);
    Change left =
        changes.computeIfPresent(
            answer.change().topic,
            (key, change) -> {
              change.failures = 0;
              if (change.looked) {
                change.wanted = local.listens(key); // it may have changed since it was sent
              }
              return change.again || change.wanted != change.sent ? queued(change) : null;
            });
    if (left == null) { // out of the map, so nobody adds to its lists any more
      answer.change().asking.forEach(asking -> asking.complete(answer.nodes()));
      answer.change().settling.forEach(settling -> settling.complete(null));
    }
  }

  private void retry(Change change, Throwable failure) {
    if (failures++ % 1_000 == 0) {
      log.warn(
          "registering a topic failed, it is repeated [failures: {}, topics: {}]",
          failures,
          pending(),
          failure);
    }
    int doublings = Math.min(change.failures++, MOST_DOUBLINGS);
    long pause = FIRST_PAUSE_MILLIS << doublings;
    Runnable requeue =
        () -> {
          waiting.add(change);
          wake();
        };
    if (!thread.isShutdown()) {
      thread.schedule(
          requeue,
          pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2),
          TimeUnit.MILLISECONDS);
    }
  }
}
