package im.parley.session;

import io.netty.util.internal.PlatformDependent;
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
      loop.execute(this::drain);
    }
  }

  /** Tasks that wait. Any thread. */
  public int size() {
    return size.get();
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
