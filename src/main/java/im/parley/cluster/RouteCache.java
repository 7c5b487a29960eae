package im.parley.cluster;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * What this node remembers of the directory: topics with their nodes, those with nobody too. Any
 * thread.
 *
 * <p>A topic's slot is {@link Asking} until the answer replaces it by {@link Known}. Each change of
 * the topic, by any node, takes the slot out; an answer that was read before the change then finds
 * its slot gone and is given but not kept. Should the news of a change get lost with the node that
 * had to bring it, a slot's age ends the error: in its last third it is asked about again while it
 * still answers, after that it answers no more. Where nobody answers the question, it answers on.
 *
 * <p>Which nodes are members is looked at when a slot answers and not when it is filled, for a
 * node's routes may be here before the news that it has joined.
 */
final class RouteCache {
  private static final int AGES = 3;

  private final ConcurrentHashMap<String, Slot> slots = new ConcurrentHashMap<>();
  private final Function<String, CompletionStage<long[]>> map;
  private final DirectoryOptions options;
  private final AtomicInteger asking = new AtomicInteger();
  private final LongAdder asked = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final ReentrantLock evicting = new ReentrantLock();
  private Iterator<Map.Entry<String, Slot>> hand = slots.entrySet().iterator(); // evicting
  private volatile long[] members;
  private volatile int age;

  /** {@code map} asks the cluster, null for nobody. */
  RouteCache(
      Function<String, CompletionStage<long[]>> map, long[] members, DirectoryOptions options) {
    this.map = map;
    this.members = members;
    this.options = options;
  }

  private sealed interface Slot permits Asking, Known {}

  private record Asking(Promise<long[]> answer) implements Slot {}

  /** {@code live} is {@code all} without those that {@code members} does not have. */
  private static final class Known implements Slot {
    final long[] all;
    final long[] live;
    final long[] members;
    final int born;
    boolean used; // any thread, and no harm if one does not see the other's
    boolean renewing; // the same: at worst it is asked twice

    Known(long[] all, long[] members, int born) {
      this.all = all;
      this.live = NodeSets.within(all, members);
      this.members = members;
      this.born = born;
    }
  }

  /** From now on only these are named. */
  void members(long[] members) {
    this.members = members;
  }

  /** Only members of {@code nodes}. */
  long[] live(long[] nodes) {
    return NodeSets.within(nodes == null ? Directory.NOBODY : nodes, members);
  }

  long[] known(String topic) {
    return slots.get(topic) instanceof Known slot ? answer(topic, slot) : null;
  }

  private long[] answer(String topic, Known slot) {
    int old = age - slot.born;
    if (old >= AGES && !slot.renewing) {
      slots.remove(topic, slot);
      return null;
    }
    if (!slot.used) {
      slot.used = true;
    }
    if (old >= AGES - 1 && !slot.renewing) {
      slot.renewing = true;
      read(topic, slot, Promise.promise());
    }
    if (slot.members != members) {
      Known anew = new Known(slot.all, members, slot.born);
      slots.replace(topic, slot, anew);
      return anew.live;
    }
    return slot.live;
  }

  /** From memory, or by asking once for all who want to know now. */
  Future<long[]> nodes(String topic) {
    while (true) {
      Slot slot = slots.get(topic);
      if (slot instanceof Asking pending) {
        return pending.answer().future();
      }
      long[] known = slot == null ? null : answer(topic, (Known) slot);
      if (known != null) {
        return Future.succeededFuture(known);
      }
      Asking mine = new Asking(Promise.promise());
      if (slots.putIfAbsent(topic, mine) == null) {
        makeRoom();
        read(topic, mine, mine.answer());
        return mine.answer().future();
      }
    }
  }

  /** By asking from now on. */
  Future<long[]> ask(String topic) {
    forget(topic);
    return nodes(topic);
  }

  /** A topic has changed. */
  void forget(String topic) {
    slots.remove(topic);
  }

  /** Everything may have changed. */
  void forgetAll() {
    slots.clear();
  }

  /** A third of the longest that an answer is believed has passed. */
  void grow() {
    age++;
  }

  int size() {
    return slots.size();
  }

  /** Topics that had to be asked about. */
  long asked() {
    return asked.sum();
  }

  /** Questions that were refused since too many waited. */
  long refused() {
    return refused.sum();
  }

  /** Asks the cluster; the answer takes the place of {@code slot} if that is still there. */
  private void read(String topic, Slot slot, Promise<long[]> answer) {
    if (asking.incrementAndGet() > options.questions()) {
      refused.increment();
      failed(topic, slot, answer, new IllegalStateException(tooMany()));
      return;
    }
    asked.increment();
    int born = age;
    CompletableFuture<long[]> reading = new CompletableFuture<>();
    reading.whenComplete(
        (nodes, failure) -> {
          if (failure != null) {
            failed(topic, slot, answer, failure);
            return;
          }
          asking.decrementAndGet();
          Known known = new Known(nodes == null ? Directory.NOBODY : nodes, members, born);
          slots.replace(topic, slot, known);
          answer.complete(known.live);
        });
    try {
      map.apply(topic)
          .whenCompleteAsync(
              (nodes, failure) -> {
                if (failure == null) {
                  reading.complete(nodes);
                } else {
                  reading.completeExceptionally(failure);
                }
              },
              Runnable::run);
      // After the question: an answer that is there already needs no timer.
      reading.orTimeout(options.patience().toMillis(), TimeUnit.MILLISECONDS);
    } catch (RuntimeException failure) {
      reading.completeExceptionally(failure);
    }
  }

  private void failed(String topic, Slot slot, Promise<long[]> answer, Throwable failure) {
    asking.decrementAndGet();
    if (slot instanceof Known old) {
      // The member to ask may hang: what was known is better than nothing, and is asked about
      // again.
      slots.replace(topic, old, new Known(old.all, members, age - (AGES - 1)));
    } else {
      slots.remove(topic, slot);
    }
    answer.fail(failure instanceof TimeoutException ? silent(topic) : failure);
  }

  private TimeoutException silent(String topic) {
    return new TimeoutException(
        "the directory gave no answer within %s about %s".formatted(options.patience(), topic));
  }

  private String tooMany() {
    return "%d questions to the directory wait, which is the most".formatted(options.questions());
  }

  /** Lets slots go that were not used since the hand came by the last time (the clock method). */
  private void makeRoom() {
    if (slots.mappingCount() <= options.cached() || !evicting.tryLock()) {
      return;
    }
    try {
      for (int step = 0; step < 64 && slots.mappingCount() > options.cached(); step++) {
        if (!hand.hasNext()) {
          hand = slots.entrySet().iterator();
        }
        if (hand.hasNext()) {
          Map.Entry<String, Slot> next = hand.next();
          if (next.getValue() instanceof Known known) {
            if (known.used) {
              known.used = false;
            } else {
              slots.remove(next.getKey(), known);
            }
          }
        }
      }
    } finally {
      evicting.unlock();
    }
  }
}
