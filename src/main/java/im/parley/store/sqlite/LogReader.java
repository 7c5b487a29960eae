package im.parley.store.sqlite;

import im.parley.protocol.Message;
import im.parley.store.LogPage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;

/**
 * Reads logs from the tail and the file as if they were one; the caller's transaction begins with
 * its first statement.
 */
final class LogReader {
  private static final String SPAN =
      "SELECT id, first, max(first - 1, coalesce((SELECT max(offset) FROM message WHERE"
          + " conversation=c.id), 0)) FROM conversation c WHERE name=?";
  private static final String COLUMNS = "SELECT offset, entry FROM message";
  private static final String AFTER =
      COLUMNS + " WHERE conversation=? AND offset>? ORDER BY offset LIMIT ?";
  private static final String BEFORE =
      COLUMNS + " WHERE conversation=? AND offset<? ORDER BY offset DESC LIMIT ?";

  private final TailLogs tail;
  private final String epoch;

  LogReader(TailLogs tail, String epoch) {
    this.tail = tail;
    this.epoch = epoch;
  }

  /**
   * From where to where a log reaches.
   *
   * @param first lowest offset left
   * @param placed highest offset that the file has in its place
   * @param head highest offset
   */
  record Span(long conversation, long first, long placed, long head) {}

  /**
   * The tail from offset {@code from} on, its newest message in any case; before the transaction's
   * first statement.
   */
  List<Entry> tail(String conversation, long from) {
    return tail.range(conversation, Math.min(from, tail.head(conversation)), Long.MAX_VALUE);
  }

  /** The entry as a message. */
  private Message message(Entry entry) throws SQLException {
    return entry.unpack(epoch);
  }

  /**
   * The log's span, {@code inTail} being the end of its tail; null when there is no such
   * conversation.
   */
  Span span(Sql sql, String conversation, List<Entry> inTail) throws SQLException {
    long end = inTail.isEmpty() ? 0 : inTail.get(inTail.size() - 1).offset;
    return span(sql, conversation, end);
  }

  /**
   * The log's newest message, or null when it has none left; {@code inTail} and {@code span} as
   * above.
   */
  Message last(Sql sql, String conversation, List<Entry> inTail, Span span) throws SQLException {
    Entry newest = inTail.isEmpty() ? null : inTail.get(inTail.size() - 1);
    return newest == null || newest.offset < Math.max(span.placed(), span.first())
        ? sql.first(
            BEFORE, row -> message(conversation, row), span.conversation(), Long.MAX_VALUE, 1)
        : message(newest);
  }

  LogPage after(Sql sql, String conversation, long offset, int limit) throws SQLException {
    long end = tail.head(conversation); // first, so that no head is told whose message is not there
    List<Entry> inTail = tail.range(conversation, offset + 1, offset + limit + 2);
    Span span = span(sql, conversation, end);
    if (span == null) {
      return empty(conversation);
    }
    List<Message> found =
        sql.list(AFTER, row -> message(conversation, row), span.conversation(), offset, limit + 1L);
    addNewer(found, inTail, span.first());
    boolean more = found.size() > limit;
    return page(conversation, span, more ? found.subList(0, limit) : found, more);
  }

  LogPage before(Sql sql, String conversation, long offset, int limit) throws SQLException {
    long end = tail.head(conversation);
    long to = Math.min(offset, end + 1);
    List<Entry> inTail = tail.range(conversation, to - limit - 1, to);
    Span span = span(sql, conversation, end);
    if (span == null) {
      return empty(conversation);
    }
    List<Message> found =
        sql.list(
            BEFORE, row -> message(conversation, row), span.conversation(), offset, limit + 1L);
    Collections.reverse(found);
    addNewer(found, inTail, span.first());
    boolean more = found.size() > limit;
    return page(
        conversation, span, more ? found.subList(found.size() - limit, found.size()) : found, more);
  }

  private Span span(Sql sql, String conversation, long end) throws SQLException {
    return sql.first(
        SPAN,
        row ->
            new Span(row.getLong(1), row.getLong(2), row.getLong(3), Math.max(row.getLong(3), end)),
        conversation);
  }

  /**
   * The tail was looked at first, so it begins at the latest right after what the file has; and it
   * may have what has been trimmed.
   */
  private void addNewer(List<Message> placed, List<Entry> inTail, long first) throws SQLException {
    long last = placed.isEmpty() ? first - 1 : placed.get(placed.size() - 1).offset();
    for (Entry entry : inTail) {
      if (entry.offset > last) {
        placed.add(message(entry));
      }
    }
  }

  private LogPage empty(String conversation) {
    return new LogPage(conversation, epoch, 1, 0, List.of(), false);
  }

  private LogPage page(String conversation, Span span, List<Message> messages, boolean more) {
    long last = messages.isEmpty() ? 0 : messages.get(messages.size() - 1).offset();
    return new LogPage(
        conversation,
        epoch,
        span.first(),
        Math.max(span.head(), last),
        List.copyOf(messages),
        more);
  }

  private Message message(String conversation, ResultSet row) throws SQLException {
    return Packed.unpack(row.getBytes(2), conversation, epoch, row.getLong(1));
  }
}
