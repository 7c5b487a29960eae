package im.parley.store.sqlite;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The newest messages of all logs, in the order of arrival. Confined to the writer; {@link
 * TailLogs} shows them to the readers.
 *
 * <p>Why it is there: a message at its place in its log, with its entry in the index of cids,
 * changes two pages of 4 KiB. A group of 100 messages in 100 conversations would write 800 KiB
 * before its fsync. In the tail the same group is one row on a few neighbouring pages, and is as
 * durable. Some thousand messages later they are written to their places, sorted, so that each page
 * is changed once for all its messages; in slices between the groups, for these must not wait long.
 *
 * <p>A message is in the table {@code tail}, in {@code message}, or for a while in both; {@link
 * #load} tells which it is.
 */
final class Tail implements Writer.Chore {
  private static final int MOVE_AT_MESSAGES = 65_536;
  private static final long MOVE_AT_BYTES = 16L << 20;
  private static final long MOVE_AFTER_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int SLICE = 256;
  // The longer the backlog, the longer a slice: large groups cannot outrun the moving.
  private static final int SLICE_PART = 16;
  private static final int CLEARED_ROWS = 256;

  private static final String APPEND = "INSERT INTO tail(seq, entries) VALUES(?,?)";
  private static final Rows PLACE =
      new Rows("INSERT INTO message(conversation, offset, key, entry) VALUES%s", 4);
  private static final String CLEAR =
      "DELETE FROM tail WHERE seq IN (SELECT seq FROM tail WHERE seq<=? ORDER BY seq LIMIT "
          + CLEARED_ROWS
          + ")";
  private static final String NEXT = "SELECT coalesce(max(seq), 0) + 1 FROM tail";
  private static final String LOAD = "SELECT entries FROM tail ORDER BY seq";
  private static final String LOG =
      "SELECT name, max(first - 1, coalesce((SELECT max(offset) FROM message WHERE"
          + " conversation=c.id), 0)) FROM conversation c WHERE id=?";

  private final TailLogs logs;

  // Writer only
  private final CidTable cids = new CidTable();
  private List<Entry> waiting = new ArrayList<>();
  private List<Entry> moving = List.of();
  private int nextToMove;
  private long movingUpTo;
  private boolean clearing;
  private long nextSeq = 1;
  private long bytes;
  private long since;

  // Writer only: what the present transaction has done
  private final List<Entry> added = new ArrayList<>();
  private final List<Entry> moved = new ArrayList<>();
  private final Packed.Bytes group = new Packed.Bytes(64 * 1024);

  Tail(TailLogs logs) {
    this.logs = logs;
  }

  /** A log as far as it is in its place. */
  private record Log(String name, long placed) {}

  /** Learns from the file what the tail is, and shows it to the readers. */
  void load(Sql sql) throws SQLException {
    forget();
    nextSeq = sql.number(NEXT, 1);
    Map<Long, Log> known = new HashMap<>();
    List<Entry> found = new ArrayList<>();
    for (byte[] entries : sql.list(LOAD, row -> row.getBytes(1))) {
      unpack(sql, entries, known, found);
    }
    found.forEach(this::remember);
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

  /** Appends a message; {@link #write} must follow in the same transaction. */
  void append(Entry entry) {
    group.number(entry.conversation);
    group.number(entry.offset);
    group.number(Integer.toUnsignedLong(entry.key));
    group.number(entry.packed.length);
    group.raw(entry.packed);
    added.add(entry);
    remember(entry);
  }

  /** Writes what was appended in this transaction. */
  void write(Sql sql) throws SQLException {
    if (group.size() > 0) {
      PreparedStatement statement = sql.statement(APPEND);
      statement.setLong(1, nextSeq);
      statement.setBytes(2, group.toArray());
      statement.executeUpdate();
      nextSeq++;
      group.clear();
    }
  }

  /** The transaction is on the medium. */
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

  /** The transaction is lost; {@link #load} follows before anything else. */
  void forget() {
    cids.clear();
    waiting = new ArrayList<>();
    moving = List.of();
    nextToMove = 0;
    clearing = false;
    bytes = 0;
    added.clear();
    moved.clear();
    group.clear();
  }

  @Override
  public long dueInMs() {
    if (clearing
        || nextToMove < moving.size()
        || waiting.size() >= MOVE_AT_MESSAGES
        || bytes >= MOVE_AT_BYTES) {
      return 0;
    }
    return waiting.isEmpty()
        ? Long.MAX_VALUE
        : Math.max(0, TimeUnit.NANOSECONDS.toMillis(since + MOVE_AFTER_NANOS - System.nanoTime()));
  }

  @Override
  public void run(Sql sql) throws SQLException {
    write(sql);
    if (clearing) {
      clear(sql);
      return;
    }
    if (nextToMove >= moving.size()) {
      startMoving();
    }
    int end = Math.min(moving.size(), nextToMove + SLICE + waiting.size() / SLICE_PART);
    List<Entry> slice = moving.subList(nextToMove, end);
    PLACE.each(sql, slice, Tail::bind, PreparedStatement::executeUpdate);
    moved.addAll(slice);
    nextToMove = end;
    clearing = end == moving.size();
  }

  /** Moves everything to its place. */
  void moveAll(Sql sql) throws SQLException {
    while (clearing || nextToMove < moving.size() || !waiting.isEmpty()) {
      run(sql);
    }
  }

  private void startMoving() {
    moving = waiting;
    moving.sort(
        Comparator.<Entry>comparingLong(entry -> entry.conversation)
            .thenComparingLong(entry -> entry.offset));
    movingUpTo = nextSeq - 1;
    nextToMove = 0;
    waiting = new ArrayList<>();
    bytes = 0;
  }

  private void clear(Sql sql) throws SQLException {
    clearing = sql.update(CLEAR, movingUpTo) == CLEARED_ROWS;
    if (!clearing) {
      moving = List.of();
      nextToMove = 0;
    }
  }

  private void remember(Entry entry) {
    if (waiting.isEmpty()) {
      since = System.nanoTime();
    }
    waiting.add(entry);
    bytes += entry.packed.length;
    cids.add(entry);
  }

  private static void bind(PreparedStatement statement, int at, Entry entry) throws SQLException {
    statement.setLong(at, entry.conversation);
    statement.setLong(at + 1, entry.offset);
    statement.setInt(at + 2, entry.key);
    statement.setBytes(at + 3, entry.packed);
  }

  /**
   * Adds the messages of a row that are the tail's; those in their place, or trimmed since, are
   * not.
   */
  private static void unpack(Sql sql, byte[] entries, Map<Long, Log> known, List<Entry> found)
      throws SQLException {
    try {
      Packed.Reader reader = new Packed.Reader(entries, 0);
      while (reader.hasMore()) {
        long conversation = reader.number();
        long offset = reader.number();
        int key = (int) reader.number();
        byte[] packed = reader.raw((int) reader.number());
        Log log = known.get(conversation);
        if (log == null) {
          log = sql.first(LOG, row -> new Log(row.getString(1), row.getLong(2)), conversation);
          if (log == null) {
            throw Packed.damaged("a message of conversation " + conversation);
          }
          known.put(conversation, log);
        }
        if (offset > log.placed()) {
          found.add(new Entry(conversation, log.name(), offset, key, packed));
        }
      }
    } catch (IndexOutOfBoundsException e) {
      throw Packed.damaged("the newest messages");
    }
  }
}
