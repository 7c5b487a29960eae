package im.parley.store.sqlite;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads that read, each with its own connection; every request sees one snapshot. */
final class Readers {
  private static final Logger log = LoggerFactory.getLogger(Readers.class);
  private static final long BUSY_RETRY_MS = 250;
  private static final long PROBE_MS = 1_000;

  private final Path database;
  private final BlockingQueue<Pending<?>> queue;
  private final Condition condition;
  private final Tally tally;
  private final List<Thread> threads = new ArrayList<>();

  // Any thread; see Writer
  private volatile boolean closing;
  private volatile boolean ended;

  Readers(Path database, int count, int capacity, Condition condition, Tally tally) {
    this.database = database;
    this.queue = new ArrayBlockingQueue<>(capacity);
    this.condition = condition;
    this.tally = tally;
    for (int i = 0; i < count; i++) {
      threads.add(new Thread(this::loop, "store-reader-" + i));
    }
  }

  void start() {
    threads.forEach(Thread::start);
  }

  int waiting() {
    return queue.size();
  }

  /** Queues {@code work} for the next free reader. Any thread. */
  <T> Future<T> submit(Pending.Work<T> work) {
    if (closing) {
      tally.unavailable.increment();
      return Future.failedFuture(Faults.unavailable("the store is closing"));
    }
    Pending<T> pending = new Pending<>(work);
    if (!queue.offer(pending)) {
      tally.busy.increment();
      return Future.failedFuture(
          new Refusal(ErrorCode.BUSY, "%d reads wait".formatted(queue.size()), BUSY_RETRY_MS));
    }
    if (ended) {
      refuseQueued();
    }
    return pending.future();
  }

  /** Finishes what was accepted and ends the threads. Blocks. */
  void close() throws InterruptedException {
    closing = true;
    for (int i = 0; i < threads.size(); i++) {
      // Wakes a thread; when the queue is full all are awake.
      queue.offer(new Pending<>(sql -> null));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    ended = true;
    refuseQueued();
  }

  private void loop() {
    Sql sql = null;
    while (true) {
      boolean last = closing;
      Pending<?> next = null;
      try {
        next = queue.poll(last ? 0 : PROBE_MS, TimeUnit.MILLISECONDS);
        if (next == null && last) {
          break;
        }
        if (next != null || !condition.health().readable()) {
          sql = sql == null ? Sql.reader(database) : sql;
          read(sql, next);
        }
      } catch (SQLException e) {
        condition.readFailed(e);
        log.debug("read failed", e);
        Sql.discard(sql);
        sql = null;
        refuse(next);
      } catch (InterruptedException e) {
        closing = true;
      } catch (RuntimeException | Error e) {
        log.error("store reader failed; it goes on", e);
        Sql.discard(sql);
        sql = null;
        refuse(next);
      }
    }
    Sql.discard(sql);
  }

  private void read(Sql sql, Pending<?> next) throws SQLException {
    if (next == null) {
      sql.number("SELECT count(*) FROM meta", 0);
      sql.release();
    } else {
      next.run(sql);
      sql.release();
      next.settle();
    }
    condition.readWorked();
  }

  private void refuse(Pending<?> pending) {
    if (pending != null) {
      tally.unavailable.increment();
      pending.fail(Faults.unavailable("the store cannot read this now, see its health"));
    }
  }

  private void refuseQueued() {
    List<Pending<?>> late = new ArrayList<>();
    queue.drainTo(late);
    late.forEach(this::refuse);
  }
}
