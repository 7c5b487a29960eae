package im.parley.store.sqlite;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that tells callers what came of their writes, in the order of submission; the
 * writer is in its next group by then. When it is far behind, the writer waits for it.
 */
final class Completer {
  private static final Logger log = LoggerFactory.getLogger(Completer.class);
  private static final int GROUPS = 16;
  private static final List<Pending<?>> END = List.of();

  private final BlockingQueue<List<Pending<?>>> groups = new ArrayBlockingQueue<>(GROUPS);
  private final Executor around;
  private final Thread thread = new Thread(this::loop, "store-completer");

  /** {@code around} runs what it is given at once, on the calling thread. */
  Completer(Executor around) {
    this.around = around;
  }

  void start() {
    thread.start();
  }

  /** Settles a group after those before it; the list is the completer's from now on. */
  void settle(List<Pending<?>> group) {
    if (!group.isEmpty()) {
      put(group);
    }
  }

  /** Settles what was given and ends the thread. Blocks. */
  void close() throws InterruptedException {
    put(END);
    thread.join();
  }

  private void put(List<Pending<?>> group) {
    boolean interrupted = false;
    while (true) {
      try {
        groups.put(group);
        break;
      } catch (InterruptedException e) {
        interrupted = true; // nobody would be told
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void loop() {
    List<List<Pending<?>>> taken = new ArrayList<>(GROUPS);
    boolean ends = false;
    while (!ends) {
      try {
        taken.add(groups.take());
        groups.drainTo(taken);
        ends = taken.contains(END);
        around.execute(() -> taken.forEach(group -> group.forEach(Pending::settle)));
      } catch (InterruptedException e) {
        log.debug("store completer interrupted; it goes on", e);
      } catch (RuntimeException | Error e) {
        log.error("store completer failed; it goes on", e);
      }
      taken.clear();
    }
  }
}
