package im.parley.store.sqlite;

import java.sql.SQLException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds the write-ahead log into the database beside the writer, so that commits do not wait for
 * it; often, for what it writes at once is what commits do wait for on the medium. What it leaves,
 * the writer's own automatic checkpoint finishes when the log has grown long; that one finds little
 * to do.
 */
final class Checkpointer implements Tail.Checkpoints {
  private static final Logger log = LoggerFactory.getLogger(Checkpointer.class);
  private static final long EVERY_MS = 500;
  private static final int AFTER_MESSAGES = 1_024;

  private final Writer.Opener opener;
  private final LongSupplier commits;
  private final Semaphore due = new Semaphore(0);
  private final Thread thread = new Thread(this::loop, "store-checkpointer");
  private volatile boolean running;
  private volatile boolean closing;
  private int placed; // writer only

  /** {@code commits} counts the transactions so far: without new ones there is nothing to do. */
  Checkpointer(Writer.Opener opener, LongSupplier commits) {
    this.opener = opener;
    this.commits = commits;
  }

  void start() {
    thread.start();
  }

  @Override
  public boolean running() {
    return running;
  }

  @Override
  public void placed(int messages) {
    placed += messages;
    if (placed >= AFTER_MESSAGES) {
      placed = 0;
      due.release();
    }
  }

  /** Ends the thread. Blocks. */
  void close() throws InterruptedException {
    closing = true;
    due.release();
    thread.join();
  }

  private void loop() {
    Sql sql = null;
    long done = 0;
    boolean failing = false;
    try {
      while (true) {
        boolean enough = due.tryAcquire(EVERY_MS, TimeUnit.MILLISECONDS);
        if (closing) {
          break;
        }
        due.drainPermits();
        long now = commits.getAsLong();
        if (!enough && now == done) {
          continue;
        }
        running = true;
        try {
          sql = sql == null ? opener.open() : sql;
          sql.outsideTransaction("PRAGMA wal_checkpoint(PASSIVE)");
          done = now;
          failing = false;
        } catch (SQLException e) {
          if (!failing) {
            log.warn("write-ahead log cannot be folded in, it grows: {}", Faults.advice(e));
          }
          failing = true;
          Sql.discard(sql);
          sql = null;
        } finally {
          running = false;
        }
      }
    } catch (InterruptedException e) {
      log.debug("store checkpointer interrupted", e);
    }
    Sql.discard(sql);
  }
}
