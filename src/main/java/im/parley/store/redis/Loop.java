package im.parley.store.redis;

import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store's one thread, an event loop. What callers of any thread hand in is taken in its order,
 * many at a turn; what a turn has written for Redis is sent at the turn's end, as one pipeline.
 */
final class Loop {
  private static final Logger log = LoggerFactory.getLogger(Loop.class);

  // Any thread; bounded by the gates.
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final Context context;

  // Store loop only
  private final Set<Runnable> flushes = new LinkedHashSet<>();
  private Thread thread;

  Loop(Context context) {
    this.context = context;
  }

  /** Runs {@code task} on the loop, after those handed in before. Any thread. */
  void execute(Runnable task) {
    tasks.add(task);
    schedule();
  }

  /** Runs {@code flush} once at the end of this turn. */
  void atEndOfTurn(Runnable flush) {
    assert inLoop();
    flushes.add(flush);
    schedule();
  }

  boolean inLoop() {
    return thread == null || thread == Thread.currentThread();
  }

  private void schedule() {
    if (scheduled.compareAndSet(false, true)) {
      context.runOnContext(turn -> turn());
    }
  }

  private void turn() {
    thread = Thread.currentThread();
    scheduled.set(false);
    Runnable task;
    while ((task = tasks.poll()) != null) {
      run(task);
    }
    List<Runnable> now = new ArrayList<>(flushes);
    flushes.clear();
    now.forEach(Loop::run);
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      log.error("store task failed; the loop goes on", e);
    }
  }
}
