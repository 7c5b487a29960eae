package im.parley.session;

import io.netty.util.internal.PlatformDependent;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * What other threads ask of one gateway's event loop, in order. A burst costs one task on the loop,
 * however long it is.
 *
 * <p>Bounded for what may be lost ({@link #offer}); what must not be lost ({@link #put}) is bounded
 * by who puts it: each answer belongs to a request that is counted elsewhere.
 */
public final class Inbox {
  /**
   * Deliveries that wait for a loop; a loop takes a million a second, so it is behind by a tenth of
   * one then.
   */
  static final int CAPACITY = 100_000;

  private static final ThreadLocal<List<Inbox>> BATCH = new ThreadLocal<>();

  private final Queue<Runnable> tasks = PlatformDependent.newMpscQueue();
  private final AtomicInteger size = new AtomicInteger();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final Executor loop;
  private final LongAdder refused = new LongAdder();

  Inbox(Executor loop) {
    this.loop = loop;
  }

  /** Adds a task that may be lost when the loop is far behind; false then. Any thread. */
  public boolean offer(Runnable task) {
    if (size.get() >= CAPACITY) {
      refused.increment();
      return false;
    }
    put(task);
    return true;
  }

  /** Adds a task that must run. Any thread. */
  public void put(Runnable task) {
    size.incrementAndGet();
    tasks.add(task);
    if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
      List<Inbox> batch = BATCH.get();
      if (batch == null) {
        loop.execute(this::drain);
      } else {
        batch.add(this);
      }
    }
  }

  /**
   * Runs {@code work}; what it puts into inboxes wakes their loops once, at its end, rather than
   * again and again while they catch up with it. Any thread.
   */
  public static void batch(Runnable work) {
    List<Inbox> woken = new ArrayList<>();
    BATCH.set(woken);
    try {
      work.run();
    } finally {
      BATCH.remove();
      woken.forEach(inbox -> inbox.loop.execute(inbox::drain));
    }
  }

  /** Tasks that wait. Any thread. */
  public int size() {
    return size.get();
  }

  /** Whether none waits behind the one that runs. The event loop only. */
  public boolean isEmpty() {
    return tasks.isEmpty();
  }

  /** Tasks that {@link #offer} refused so far. Any thread. */
  public long refused() {
    return refused.sum();
  }

  private void drain() {
    int done = 0;
    try {
      for (Runnable task; done < 4_096 && (task = tasks.poll()) != null; ) {
        done++; // before it runs: one that fails has left the queue too
        task.run();
      }
    } finally {
      size.addAndGet(-done);
      scheduled.set(false);
      if (!tasks.isEmpty() && scheduled.compareAndSet(false, true)) {
        loop.execute(this::drain);
      }
    }
  }
}
