package im.parley.store.sqlite;

import im.parley.protocol.Message;
import im.parley.store.LogPage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads logs on whatever connection it is given; the caller's transaction makes its statements one snapshot. */
final class LogReader {
  private static final String SPAN =
      "SELECT id, first, max(first - 1, coalesce((SELECT max(offset) FROM message WHERE conversation=c.id), 0))"
          + " FROM conversation c WHERE name=?";
  private static final String COLUMNS = "SELECT offset, id, sender, platform, time, cid, type, body FROM message";
  private static final String AFTER = COLUMNS + " WHERE conversation=? AND offset>? ORDER BY offset LIMIT ?";
  private static final String BEFORE = COLUMNS + " WHERE conversation=? AND offset<? ORDER BY offset DESC LIMIT ?";

  private final String epoch;

  LogReader(String epoch) {
    this.epoch = epoch;
  }

  /** From where to where a log reaches; all messages have offsets in {@code first..head}. */
  record Span(long conversation, long first, long head) {}

  /** The log's span, or null when there is no such conversation. */
  Span span(Sql sql, String conversation) throws SQLException {
    return sql.first(SPAN, row -> new Span(row.getLong(1), row.getLong(2), row.getLong(3)), conversation);
  }

  LogPage after(Sql sql, String conversation, long offset, int limit) throws SQLException {
    return page(sql, conversation, AFTER, offset, limit);
  }

  LogPage before(Sql sql, String conversation, long offset, int limit) throws SQLException {
    return page(sql, conversation, BEFORE, offset, limit);
  }

  /** The newest message, or null. */
  Message last(Sql sql, String conversation, long id) throws SQLException {
    return sql.first(BEFORE, row -> message(conversation, row), id, Long.MAX_VALUE, 1);
  }

  private LogPage page(Sql sql, String conversation, String query, long offset, int limit) throws SQLException {
    Span span = span(sql, conversation);
    if (span == null) {
      return new LogPage(conversation, epoch, 1, 0, List.of(), false);
    }
    List<Message> found =
        sql.list(query, row -> message(conversation, row), span.conversation(), offset, limit + 1L);
    boolean more = found.size() > limit;
    List<Message> messages = new ArrayList<>(more ? found.subList(0, limit) : found);
    if (query.equals(BEFORE)) {
      Collections.reverse(messages);
    }
    return new LogPage(conversation, epoch, span.first(), span.head(), List.copyOf(messages), more);
  }

  private Message message(String conversation, ResultSet row) throws SQLException {
    return new Message(
        row.getString(2),
        conversation,
        epoch,
        row.getLong(1),
        row.getString(3),
        row.getString(4),
        row.getLong(5),
        row.getString(6),
        row.getString(7),
        row.getString(8));
  }
}
