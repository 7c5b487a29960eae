package im.parley.store.sqlite;

import im.parley.protocol.Message;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The newest messages of all logs, in the order of arrival. Confined to the writer; {@link
 * TailLogs} shows them to the readers.
 *
 * <p>Why it is there: a message at its place in its log, with its entry in the index of cids,
 * changes two pages of 4 KiB. A group of 100 messages in 100 conversations would write 800 KiB
 * before its fsync. In the tail the same group lies on a few neighbouring pages, and is as durable.
 * Some thousand messages later they are moved to their places, sorted, so that each page is changed
 * once for all its messages; in slices between the groups, for these must not wait long.
 *
 * <p>A message is in the table {@code tail}, in {@code message}, or for a moment in both; {@link
 * #load} tells which it is.
 */
final class Tail implements Writer.Chore {
  private static final int MOVE_AT_MESSAGES = 32_768;
  private static final long MOVE_AT_CHARS = 16L << 20;
  private static final long MOVE_AFTER_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int SLICE = 256;
  // The longer the backlog, the longer a slice: large groups cannot outrun the moving.
  private static final int SLICE_PART = 16;

  private static final String COLUMNS =
      "conversation, offset, id, sender, platform, time, cid, type, body";
  // One step looks for a placed message with this cid and appends when there is none.
  private static final String APPEND =
      "INSERT INTO tail("
          + COLUMNS
          + ", seq) SELECT ?1,?2,?3,?4,?5,?6,?7,?8,?9,?10 WHERE NOT EXISTS (SELECT 1 FROM message"
          + " WHERE conversation=?1 AND sender=?4 AND cid=?7)";
  // One step for a slice, whose order the cross join keeps. https://sqlite.org/optoverview.html
  // §8.2
  private static final String PLACE =
      "INSERT INTO message("
          + COLUMNS
          + ") SELECT t.conversation, t.offset, t.id, t.sender, t.platform, t.time, t.cid, t.type,"
          + " t.body FROM json_each(?) slice CROSS JOIN tail t ON t.seq=slice.value";
  private static final String CLEAR = "DELETE FROM tail WHERE seq<=?";
  private static final String NEXT = "SELECT coalesce(max(seq), 0) + 1 FROM tail";
  // Rows that are already in their place, or were and have been trimmed since, are no longer the
  // tail's.
  private static final String LOAD =
      "SELECT t.conversation, t.offset, t.id, t.sender, t.platform, t.time, t.cid, t.type, t.body,"
          + " c.name, t.seq FROM tail t JOIN conversation c ON c.id=t.conversation WHERE"
          + " t.offset>=c.first AND NOT EXISTS (SELECT 1 FROM message m WHERE"
          + " m.conversation=t.conversation AND m.offset=t.offset) ORDER BY t.seq";

  private record Entry(long seq, long conversation, Message message) {}

  private record Sent(long conversation, String sender, String cid) {}

  private final TailLogs logs;
  private final String epoch;

  // Writer only
  private final Map<Sent, Message> sent = new HashMap<>();
  private final Map<Long, Long> ends = new HashMap<>();
  private List<Entry> waiting = new ArrayList<>();
  private List<Entry> moving = List.of();
  private int nextToMove;
  private long movingUpTo;
  private long nextSeq = 1;
  private long chars;
  private long since;

  // Writer only: what the present transaction has done
  private final List<Entry> added = new ArrayList<>();
  private final List<Entry> moved = new ArrayList<>();

  Tail(TailLogs logs, String epoch) {
    this.logs = logs;
    this.epoch = epoch;
  }

  /** Learns from the file what the tail is, and shows it to the readers. */
  void load(Sql sql) throws SQLException {
    forget();
    nextSeq = sql.number(NEXT, 1);
    List<Entry> found = sql.list(LOAD, this::entry);
    found.forEach(this::remember);
    logs.replace(found.stream().map(Entry::message).toList());
    sql.release();
  }

  /** The message with this cid, or null when the tail has none. */
  Message find(long conversation, String sender, String cid) {
    return sent.get(new Sent(conversation, sender, cid));
  }

  /** The last offset of a log as far as it is in the tail, else 0. */
  long end(long conversation) {
    return ends.getOrDefault(conversation, 0L);
  }

  /**
   * Appends a message with its offset; false when a message with its cid is in its place already.
   */
  boolean append(Sql sql, long conversation, Message message) throws SQLException {
    Entry entry = new Entry(nextSeq, conversation, message);
    if (bind(sql.statement(APPEND), entry).executeUpdate() == 0) {
      return false;
    }
    nextSeq++;
    added.add(entry);
    remember(entry);
    return true;
  }

  /** The transaction is on the medium. */
  void committed() {
    for (Entry entry : added) {
      logs.add(entry.message());
    }
    for (Entry entry : moved) {
      Message message = entry.message();
      logs.remove(message.conversation(), message.offset());
      sent.remove(new Sent(entry.conversation(), message.from(), message.cid()));
      ends.remove(entry.conversation(), message.offset());
    }
    added.clear();
    moved.clear();
  }

  /** The transaction is lost; {@link #load} follows before anything else. */
  void forget() {
    sent.clear();
    ends.clear();
    waiting = new ArrayList<>();
    moving = List.of();
    nextToMove = 0;
    chars = 0;
    added.clear();
    moved.clear();
  }

  @Override
  public long dueInMs() {
    if (nextToMove < moving.size()
        || waiting.size() >= MOVE_AT_MESSAGES
        || chars >= MOVE_AT_CHARS) {
      return 0;
    }
    return waiting.isEmpty()
        ? Long.MAX_VALUE
        : Math.max(0, TimeUnit.NANOSECONDS.toMillis(since + MOVE_AFTER_NANOS - System.nanoTime()));
  }

  @Override
  public void run(Sql sql) throws SQLException {
    if (nextToMove >= moving.size()) {
      startMoving();
    }
    int end = Math.min(moving.size(), nextToMove + SLICE + waiting.size() / SLICE_PART);
    List<Entry> slice = moving.subList(nextToMove, end);
    int placed =
        sql.update(
            PLACE,
            slice.stream()
                .map(entry -> "" + entry.seq())
                .collect(Collectors.joining(",", "[", "]")));
    if (placed != slice.size()) {
      throw new SQLException("%d of %d messages were in the tail".formatted(placed, slice.size()));
    }
    moved.addAll(slice);
    nextToMove = end;
    if (end == moving.size()) {
      sql.update(CLEAR, movingUpTo);
    }
  }

  /** Moves everything to its place. */
  void moveAll(Sql sql) throws SQLException {
    while (nextToMove < moving.size() || !waiting.isEmpty()) {
      run(sql);
    }
  }

  private void startMoving() {
    moving = waiting;
    moving.sort(
        Comparator.comparingLong(Entry::conversation)
            .thenComparingLong(entry -> entry.message().offset()));
    movingUpTo = nextSeq - 1;
    nextToMove = 0;
    waiting = new ArrayList<>();
    chars = 0;
  }

  private void remember(Entry entry) {
    Message message = entry.message();
    if (waiting.isEmpty()) {
      since = System.nanoTime();
    }
    waiting.add(entry);
    chars += message.body().length();
    sent.put(new Sent(entry.conversation(), message.from(), message.cid()), message);
    ends.put(entry.conversation(), message.offset());
  }

  private static PreparedStatement bind(PreparedStatement statement, Entry entry)
      throws SQLException {
    Message message = entry.message();
    statement.setLong(1, entry.conversation());
    statement.setLong(2, message.offset());
    statement.setString(3, message.id());
    statement.setString(4, message.from());
    statement.setString(5, message.platform());
    statement.setLong(6, message.time());
    statement.setString(7, message.cid());
    statement.setString(8, message.type());
    statement.setString(9, message.body());
    statement.setLong(10, entry.seq());
    return statement;
  }

  private Entry entry(ResultSet row) throws SQLException {
    return new Entry(
        row.getLong(11),
        row.getLong(1),
        new Message(
            row.getString(3),
            row.getString(10),
            epoch,
            row.getLong(2),
            row.getString(4),
            row.getString(5),
            row.getLong(6),
            row.getString(7),
            row.getString(8),
            row.getString(9)));
  }
}
