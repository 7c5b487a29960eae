package im.parley.store.sqlite;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
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
  private static final long SLICE_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long CHECKPOINT_POLL_MS = 5;
  // What is being moved is in its place when the next generation is full to this part.
  private static final double MOVED_AT = 0.75;

  private static final Rows PLACE =
      new Rows("INSERT INTO message(conversation, offset, key, entry) VALUES%s", 4);

  private final TailLogs logs;
  private final Opener opener;
  private final BooleanSupplier checkpointing;
  private final LongSupplier nanoTime;

  // Writer only
  private final CidTable cids = new CidTable();
  private final Slabs slabs = new Slabs();
  private Journal journal;
  private Map<Long, List<Entry>> waiting = new HashMap<>();
  private int messages;
  private long bytes;
  private long since;
  private List<Entry> moving = List.of();
  private int nextToMove;
  private long nextSlice;
  private long movingUpTo;

  // Writer only: what the present transaction has done
  private final List<Entry> added = new ArrayList<>();
  private final List<Entry> moved = new ArrayList<>();
  private final Packed.Bytes group = new Packed.Bytes(64 * 1024);

  /** Opens the journal. */
  interface Opener {
    Journal.Opened open(Sql sql) throws SQLException;
  }

  /**
   * An empty tail; {@link #load} comes first.
   *
   * @param checkpointing whether the write-ahead log is being folded in, for which moving waits
   * @param nanoTime {@link System#nanoTime}, or what a test takes for it
   */
  Tail(TailLogs logs, Opener opener, BooleanSupplier checkpointing, LongSupplier nanoTime) {
    this.logs = logs;
    this.opener = opener;
    this.checkpointing = checkpointing;
    this.nanoTime = nanoTime;
  }

  /** Learns from the journal what the tail is, and shows it to the readers. */
  void load(Sql sql) throws SQLException {
    forget();
    Journal.Opened opened = opener.open(sql);
    journal = opened.journal();
    TailReader reader = new TailReader(sql);
    List<Entry> found = new ArrayList<>();
    for (Journal.Rest rest : opened.rests()) {
      List<Entry> entries = reader.read(rest.content().payloads());
      entries.forEach(this::remember);
      found.addAll(entries);
      if (rest.generation() < journal.generation()) {
        startMoving(rest.generation()); // it was under way
      }
    }
    logs.replace(found);
    sql.release();
  }

  /** The message with the sender and cid of {@code packed}, or null when the tail has none. */
  Entry find(long conversation, int key, byte[] packed) {
    return cids.find(conversation, key, packed);
  }

  /** The last offset of a log as far as it is in the tail, else 0. */
  long end(String conversation) {
    for (int i = added.size() - 1; i >= 0; i--) {
      if (added.get(i).name.equals(conversation)) {
        return added.get(i).offset;
      }
    }
    return logs.head(conversation);
  }

  /** How many messages of a conversation the present group has appended. */
  int added(long conversation) {
    int count = 0;
    for (Entry entry : added) {
      count += entry.conversation == conversation ? 1 : 0;
    }
    return count;
  }

  /** Appends a message; it is durable after {@link #write}. */
  void append(long conversation, String name, long offset, Append append) {
    Entry entry = slabs.keep(conversation, name, offset, append);
    TailReader.write(entry, group);
    added.add(entry);
    remember(entry);
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
    for (Entry entry : added) {
      logs.add(entry);
    }
    for (int i = 0; i < moved.size(); i++) {
      Entry entry = moved.get(i);
      cids.remove(entry);
      if (i + 1 == moved.size() || moved.get(i + 1).conversation != entry.conversation) {
        logs.remove(entry.name, entry.offset);
      }
    }
    added.clear();
    moved.clear();
  }

  /** What was done is lost, or nobody knows; {@link #load} follows before anything else. */
  void forget() {
    if (journal != null) {
      journal.close();
      journal = null;
    }
    cids.clear();
    nothingWaits();
    moving = List.of();
    nextToMove = 0;
    added.clear();
    moved.clear();
    group.clear();
  }

  @Override
  public long dueInMs() {
    if (filled() >= 1) {
      return 0;
    }
    if (!moving.isEmpty()) {
      // A write-ahead log that grows meanwhile cannot begin anew after.
      if (checkpointing.getAsBoolean()) {
        return CHECKPOINT_POLL_MS;
      }
      return nextToMove < dueByNow() ? 0 : msUntil(nextSlice);
    }
    return waiting.isEmpty() ? Long.MAX_VALUE : msUntil(since + MOVE_AFTER_NANOS);
  }

  private long msUntil(long time) {
    return Math.max(0, TimeUnit.NANOSECONDS.toMillis(time - nanoTime.getAsLong()));
  }

  /** How full the present generation is; 1 for full. */
  private double filled() {
    double inMemory =
        Math.max((double) messages / MOVE_AT_MESSAGES, (double) bytes / MOVE_AT_BYTES);
    return journal == null
        ? inMemory
        : Math.max(inMemory, (double) journal.bytes() / MOVE_AT_JOURNAL_BYTES);
  }

  /** How many should have been moved, as full as the next generation is. */
  private int dueByNow() {
    return (int) Math.min(moving.size(), moving.size() * filled() / MOVED_AT);
  }

  /** The journal has what is only being moved; but what is gone from there must be in its place. */
  @Override
  public boolean mustLast() {
    return !moving.isEmpty() && nextToMove == moving.size();
  }

  @Override
  public void run(Sql sql) throws SQLException {
    if (moving.isEmpty()) {
      startMoving(journal.generation());
      journal.turn();
    } else if (nextToMove < moving.size()) {
      nextSlice = nanoTime.getAsLong() + SLICE_EVERY_NANOS;
      int slice = Math.max(SLICE, Math.min(LARGEST_SLICE, dueByNow() - nextToMove));
      move(sql, Math.min(moving.size(), nextToMove + slice));
    } else {
      Journal.moved(sql, movingUpTo);
      moving = List.of();
    }
  }

  /** Moves everything to its place; for a transaction that lasts. */
  void moveAll(Sql sql) throws SQLException {
    while (!moving.isEmpty() || !waiting.isEmpty()) {
      run(sql);
    }
  }

  private void startMoving(long generation) {
    moving = new ArrayList<>(messages);
    waiting.keySet().stream().sorted().forEach(log -> moving.addAll(waiting.get(log)));
    movingUpTo = generation;
    nextToMove = 0;
    nextSlice = nanoTime.getAsLong();
    nothingWaits();
  }

  private void nothingWaits() {
    waiting = new HashMap<>();
    messages = 0;
    bytes = 0;
  }

  private void move(Sql sql, int end) throws SQLException {
    List<Entry> slice = moving.subList(nextToMove, end);
    place(sql, slice);
    moved.addAll(slice);
    nextToMove = end;
  }

  /** Writes messages to their places, best when sorted. */
  static void place(Sql sql, List<Entry> entries) throws SQLException {
    PLACE.each(sql, entries, Tail::bind, sql::update);
  }

  private void remember(Entry entry) {
    if (waiting.isEmpty()) {
      since = nanoTime.getAsLong();
    }
    waiting.computeIfAbsent(entry.conversation, log -> new ArrayList<>(4)).add(entry);
    messages++;
    bytes += entry.length();
    cids.add(entry);
  }

  private static void bind(PreparedStatement statement, int at, Entry entry) throws SQLException {
    statement.setLong(at, entry.conversation);
    statement.setLong(at + 1, entry.offset);
    statement.setInt(at + 2, entry.key);
    statement.setBytes(at + 3, entry.packed());
  }
}
