package im.parley.store.sqlite;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. Whatever waits becomes one group with one fsync (group commit), or
 * two when it changes tables as well as logs; its futures complete after that, in the order of
 * submission, on this thread.
 *
 * <p>A group that fails is refused as a whole, and its connection and everything remembered with it
 * are thrown away: what is true is then read from the file again. While writing fails, the writer
 * tries by itself once a second, so that it recovers without traffic.
 */
final class Writer {
  private static final Logger log = LoggerFactory.getLogger(Writer.class);
  private static final int LARGEST_GROUP = 1_024;
  private static final long BUSY_RETRY_MS = 250;
  private static final long PROBE_MS = 1_000;
  private static final String PROBE = "INSERT OR REPLACE INTO meta VALUES('probe', '')";

  /** Opens the connection that writes. */
  interface Opener {
    Sql open() throws SQLException;
  }

  /** What is remembered of the file. Writer only. */
  interface Memory {
    /** A group begins. */
    void begin(Sql sql, List<Pending<?>> group) throws SQLException;

    /** The group's transaction is on the medium; now what is kept beside the database. */
    void write() throws SQLException;

    /** All that was done is on the medium; called before its futures complete. */
    void committed();

    /** What was done is lost, or nobody knows. */
    void forget();
  }

  /** What the writer does besides, in slices between the groups. */
  interface Chore {
    /** Milliseconds until there is something to do, 0 for now. */
    long dueInMs();

    /** Whether the next slice must be on the medium; others may be lost and are then repeated. */
    default boolean mustLast() {
      return false;
    }

    /** Does a short slice. */
    void run(Sql sql) throws SQLException;
  }

  private final BlockingQueue<Pending<?>> queue;
  private final Opener opener;
  private final Memory memory;
  private final List<Chore> chores;
  private final Executor completions;
  private final Condition condition;
  private final Tally tally;
  private final Thread thread = new Thread(this::loop, "store-writer");

  // Any thread; once closing nothing new comes in, once ended nothing in the queue is done any
  // more.
  private volatile boolean closing;
  private volatile boolean ended;

  // Writer only
  private List<Pending<?>> group = new ArrayList<>();
  private Sql sql;
  private long lastProbe = System.nanoTime();

  Writer(
      int capacity,
      Opener opener,
      Memory memory,
      List<Chore> chores,
      Executor completions,
      Condition condition,
      Tally tally) {
    this.queue = new ArrayBlockingQueue<>(capacity);
    this.opener = opener;
    this.memory = memory;
    this.chores = chores;
    this.completions = completions;
    this.condition = condition;
    this.tally = tally;
  }

  void start(Sql opened) {
    sql = opened;
    thread.start();
  }

  int waiting() {
    return queue.size();
  }

  /** Queues {@code work} for the next group. Any thread. */
  <T> Future<T> submit(Pending.Work<T> work) {
    return submit(work, any -> {});
  }

  /**
   * The same.
   *
   * @param done hears of the result on this thread, in the order of submission
   */
  <T> Future<T> submit(Pending.Work<T> work, Consumer<T> done) {
    if (closing) {
      tally.unavailable.increment();
      return Future.failedFuture(Faults.unavailable("the store is closing"));
    }
    Pending<T> pending = new Pending<>(work);
    // Before it can complete: a handler added later would run on the thread that adds it.
    pending.future().onSuccess(done::accept);
    if (!queue.offer(pending)) {
      tally.busy.increment();
      return Future.failedFuture(
          new Refusal(
              ErrorCode.BUSY,
              "%d writes wait for the disk".formatted(queue.size()),
              BUSY_RETRY_MS));
    }
    if (ended) {
      refuseQueued();
    }
    return pending.future();
  }

  /** Finishes what was accepted and ends the thread. Blocks. */
  void close() throws InterruptedException {
    closing = true;
    // Wakes the thread; when the queue is full it is awake.
    queue.offer(new Pending<>(sql -> null));
    thread.join();
  }

  private void loop() {
    while (true) {
      // Taken before looking into the queue: what was accepted before closing is then seen.
      boolean last = closing;
      try {
        collect(last ? 0 : patienceMs());
        if (!group.isEmpty()) {
          commitGroup();
        } else if (last) {
          break;
        }
        if (condition.health().writable()) {
          doChores();
        } else {
          probe();
        }
      } catch (InterruptedException e) {
        // Nobody interrupts this thread but a caller that wants it to end.
        closing = true;
      } catch (RuntimeException | Error e) {
        log.error("store writer failed; it goes on", e);
        lose();
      }
    }
    ended = true;
    refuseQueued();
    discard();
  }

  private long patienceMs() {
    return condition.health().writable() ? waitingMs() : PROBE_MS;
  }

  private void doChores() {
    for (Chore chore : chores) {
      if (chore.dueInMs() <= 0) {
        transact(chore.mustLast() ? chore::run : connection -> connection.lazily(chore::run));
      }
    }
  }

  private long waitingMs() {
    return chores.stream().mapToLong(Chore::dueInMs).reduce(PROBE_MS, Math::min);
  }

  private void collect(long waitMs) throws InterruptedException {
    group.clear();
    if (queue.drainTo(group, LARGEST_GROUP) == 0) {
      Pending<?> first = queue.poll(waitMs, TimeUnit.MILLISECONDS);
      if (first != null) {
        group.add(first);
        queue.drainTo(group, LARGEST_GROUP - 1);
      }
    }
  }

  private void commitGroup() {
    if (!condition.health().writable()) {
      // Only the probe tries: each failure costs a new connection and reading the tail again.
      refuse();
      return;
    }
    boolean done =
        transact(
            connection -> {
              memory.begin(connection, group);
              for (Pending<?> pending : group) {
                pending.run(connection);
              }
            });
    if (done) {
      settle();
    } else {
      refuse();
    }
  }

  private boolean transact(Sql.Work transaction) {
    if (condition.damaged()) {
      return false;
    }
    try {
      if (sql == null) {
        sql = opener.open();
      }
      transaction.run(sql);
      long start = System.nanoTime();
      if (sql.hasChanged()) {
        sql.commit();
      } else {
        sql.release();
      }
      memory.write();
      if (!group.isEmpty()) {
        tally.committed(group.size(), System.nanoTime() - start);
      }
      memory.committed();
      condition.writeWorked();
      return true;
    } catch (SQLException e) {
      condition.writeFailed(e);
      log.debug("write failed", e);
      discard();
      return false;
    }
  }

  private void probe() {
    long at = System.nanoTime();
    if (condition.damaged() || at - lastProbe < TimeUnit.MILLISECONDS.toNanos(PROBE_MS)) {
      return;
    }
    lastProbe = at;
    transact(connection -> connection.update(PROBE));
  }

  private void lose() {
    discard();
    refuse();
  }

  private void discard() {
    memory.forget();
    Sql.discard(sql);
    sql = null;
  }

  private void settle() {
    List<Pending<?>> done = group;
    group = new ArrayList<>();
    completions.execute(() -> done.forEach(Pending::settle));
  }

  private void refuse() {
    for (Pending<?> pending : group) {
      pending.refuse(refusal());
    }
    settle();
  }

  private Refusal refusal() {
    tally.unavailable.increment();
    return Faults.unavailable(
        "nothing was stored: "
            + (condition.health().detail().isEmpty()
                ? "the store failed"
                : "see the store's health"));
  }

  private void refuseQueued() {
    List<Pending<?>> late = new ArrayList<>();
    queue.drainTo(late);
    late.forEach(pending -> pending.fail(refusal()));
  }
}
