package im.parley.store.sqlite;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The newest messages of all logs, in the order of arrival. Confined to the writer; {@link
 * TailLogs} shows them to the readers.
 *
 * <p>Why it is there: a message at its place in its log, with its entry in the index of cids,
 * changes two pages of 4 KiB. A group of 100 messages in 100 conversations would write 800 KiB
 * before its fsync. In the {@link Journal} the same group is one write of a few blocks, and is as
 * durable. Some thousand messages later they are written to their places, sorted, so that each page
 * is changed once for all its messages; in slices between the groups, for these must not wait long,
 * and over most of the time in which the next thousands come, for the medium is theirs as well.
 *
 * <p>A message is in the journal, in the table {@code message}, or for a while in both; {@link
 * #load} tells which it is.
 */
final class Tail implements Writer.Chore {
  private static final int MOVE_AT_MESSAGES = 65_536;
  private static final long MOVE_AT_BYTES = 16L << 20;
  // A group takes whole blocks, so small groups fill the file sooner than the memory.
  private static final long MOVE_AT_JOURNAL_BYTES = 48L << 20;
  private static final long MOVE_AFTER_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int SLICE = 256;
  // More than the largest group makes due, so that even those cannot outrun the moving.
  private static final int LARGEST_SLICE = 4_096;
  // What is behind, after a checkpoint for instance, is caught up with by an eighth for each group.
  private static final int CATCH_UP = 8;
  private static final long SLICE_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long CHECKPOINT_POLL_MS = 5;
  // What is being moved is in its place when the next generation is full to this part.
  private static final double MOVED_AT = 0.75;

  // FAIL: by default SQLite copies every page before it changes it, in a file for each statement.
  // Nobody needs a statement undone alone: whoever places gives the transaction up when it fails.
  private static final Rows PLACE =
      new Rows("INSERT OR FAIL INTO message(conversation, offset, key, entry) VALUES%s", 4);

  private final TailLogs logs;
  private final Opener opener;
  private final Checkpoints checkpoints;
  private final LongSupplier nanoTime;

  // Writer only
  private Journal journal;
  private Generation newer = new Generation();
  private long since;
  private Generation older; // what is being moved, or null
  private Move move; // how far; null with older
  private long nextSlice;

  // Writer only: what the present transaction has appended
  private final List<TailLog> added = new ArrayList<>();
  private final Packed.Bytes group = new Packed.Bytes(64 * 1024);

  /** Opens the journal. */
  interface Opener {
    Journal.Opened open(Sql sql) throws SQLException;
  }

  /** They fold the write-ahead log into the database; moving waits for them. */
  interface Checkpoints {
    /** Whether one is under way. Any thread. */
    boolean running();

    /** So many more messages have come to their places. Writer only. */
    void placed(int messages);
  }

  /**
   * An empty tail; {@link #load} comes first.
   *
   * @param nanoTime {@link System#nanoTime}, or what a test takes for it
   */
  Tail(TailLogs logs, Opener opener, Checkpoints checkpoints, LongSupplier nanoTime) {
    this.logs = logs;
    this.opener = opener;
    this.checkpoints = checkpoints;
    this.nanoTime = nanoTime;
  }

  /** Learns from the journal what the tail is, and shows it to the readers. */
  void load(Sql sql) throws SQLException {
    forget();
    Journal.Opened opened = opener.open(sql);
    journal = opened.journal();
    TailReader reader = new TailReader(sql);
    for (Journal.Rest rest : opened.rests()) {
      for (Entry entry : reader.read(rest.content().payloads())) {
        remember(entry.addTo(newer));
      }
      if (rest.generation() < journal.generation()) {
        startMoving(rest.generation()); // it was under way
      }
    }
    committed();
    sql.release();
  }

  /** The message with the sender and cid of {@code packed}, or null when the tail has none. */
  Entry find(long conversation, int key, byte[] packed) {
    Entry found = newer.find(conversation, key, packed);
    return found == null && older != null ? older.find(conversation, key, packed) : found;
  }

  /** The last offset of a log as far as it is in the tail, else 0. */
  long end(String conversation) {
    TailLog log = newer.log(conversation);
    if (log == null && older != null) {
      log = older.log(conversation);
    }
    return log == null ? 0 : log.end();
  }

  /** How many messages of a conversation the present group has appended. */
  int added(long conversation) {
    int count = 0;
    for (TailLog log : added) {
      count += log.conversation == conversation ? log.uncommitted() : 0;
    }
    return count;
  }

  /** Appends a message; it is durable after {@link #write}. */
  void append(long conversation, String name, long offset, Append append) {
    byte[] packed = append.packed;
    TailReader.write(conversation, offset, append.key, packed, group);
    remember(newer.append(conversation, name, offset, append.key, packed, 0, packed.length));
  }

  private void remember(TailLog log) {
    if (newer.messages() == 1) {
      since = nanoTime.getAsLong();
    }
    if (log.uncommitted() == 1) {
      added.add(log);
    }
  }

  /** Writes what was appended to the medium. */
  void write() throws SQLException {
    if (group.size() > 0) {
      journal.append(group.array(), group.size());
      group.clear();
    }
  }

  /** All that was done is on the medium, or may be done again. */
  void committed() {
    logs.show(older, newer);
    for (TailLog log : added) {
      log.commit();
    }
    added.clear();
  }

  /** What was done is lost, or nobody knows; {@link #load} follows before anything else. */
  void forget() {
    if (journal != null) {
      journal.close();
      journal = null;
    }
    newer = new Generation();
    moved();
    added.clear();
    group.clear();
  }

  @Override
  public long dueInMs() {
    if (filled() >= 1) {
      return 0;
    }
    if (older != null) {
      // A write-ahead log that grows meanwhile cannot begin anew after.
      if (checkpoints.running()) {
        return CHECKPOINT_POLL_MS;
      }
      return move.done() < dueByNow() ? 0 : msUntil(nextSlice);
    }
    return newer.messages() == 0 ? Long.MAX_VALUE : msUntil(since + MOVE_AFTER_NANOS);
  }

  private long msUntil(long time) {
    return Math.max(0, TimeUnit.NANOSECONDS.toMillis(time - nanoTime.getAsLong()));
  }

  /** How full the present generation is; 1 for full. */
  private double filled() {
    double inMemory =
        Math.max(
            (double) newer.messages() / MOVE_AT_MESSAGES, (double) newer.bytes() / MOVE_AT_BYTES);
    return journal == null
        ? inMemory
        : Math.max(inMemory, (double) journal.bytes() / MOVE_AT_JOURNAL_BYTES);
  }

  /** How many should have been moved, as full as the next generation is. */
  private int dueByNow() {
    return (int) Math.min(older.messages(), older.messages() * filled() / MOVED_AT);
  }

  /** The journal has what is only being moved; but what is gone from there must be in its place. */
  @Override
  public boolean mustLast() {
    return older != null && move.isDone();
  }

  @Override
  public void run(Sql sql) throws SQLException {
    if (older == null) {
      startMoving(journal.generation());
      journal.turn();
    } else if (!move.isDone()) {
      nextSlice = nanoTime.getAsLong() + SLICE_EVERY_NANOS;
      List<Entry> slice = move.next(slice());
      place(sql, slice);
      checkpoints.placed(slice.size());
    } else {
      Journal.moved(sql, move.number());
      moved();
    }
  }

  /** Little at a time, as long as there is time: the next group waits for it. */
  private int slice() {
    if (filled() >= 1) {
      return LARGEST_SLICE;
    }
    int behind = dueByNow() - move.done();
    return Math.max(SLICE, Math.min(LARGEST_SLICE, behind / CATCH_UP));
  }

  /** Moves everything to its place; for a transaction that lasts. */
  void moveAll(Sql sql) throws SQLException {
    while (older != null || newer.messages() > 0) {
      run(sql);
    }
  }

  private void startMoving(long number) {
    older = newer;
    move = new Move(number, older);
    nextSlice = nanoTime.getAsLong();
    newer = new Generation(older);
  }

  private void moved() {
    older = null;
    move = null;
  }

  /** Writes messages to their places, best when sorted. */
  static void place(Sql sql, List<Entry> entries) throws SQLException {
    PLACE.each(sql, entries, Tail::bind, sql::update);
  }

  private static void bind(PreparedStatement statement, int at, Entry entry) throws SQLException {
    statement.setLong(at, entry.conversation);
    statement.setLong(at + 1, entry.offset);
    statement.setInt(at + 2, entry.key);
    statement.setBytes(at + 3, entry.packed());
  }
}
