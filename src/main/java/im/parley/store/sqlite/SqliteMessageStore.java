package im.parley.store.sqlite;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Message;
import im.parley.protocol.Refusal;
import im.parley.store.Appended;
import im.parley.store.ConversationStore.Role;
import im.parley.store.Draft;
import im.parley.store.LogPage;
import im.parley.store.MessageStore;
import io.vertx.core.Future;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;

/** The logs: appended by the writer, read by the readers. */
final class SqliteMessageStore implements MessageStore {
  // One step finds a repeated cid and inserts otherwise; a repeated offset stays an error.
  private static final String INSERT =
      "INSERT INTO message(conversation, offset, id, sender, platform, time, cid, type, body) VALUES(?,?,?,?,?,?,?,?,?)"
          + " ON CONFLICT(conversation, sender, cid) DO NOTHING";
  private static final String FIRST_SENT =
      "SELECT offset, id, platform, time, type, body FROM message WHERE conversation=? AND sender=? AND cid=?";
  private static final String TRIMMED =
      "SELECT offset, id, platform, time, content FROM trimmed WHERE conversation=? AND sender=? AND cid=?";

  private final Writer writer;
  private final Readers readers;
  private final Heads heads;
  private final Retention retention;
  private final LogReader reader;
  private final String epoch;

  SqliteMessageStore(Writer writer, Readers readers, Heads heads, Retention retention, String epoch) {
    this.writer = writer;
    this.readers = readers;
    this.heads = heads;
    this.retention = retention;
    this.reader = new LogReader(epoch);
    this.epoch = epoch;
  }

  @Override
  public Future<Appended> append(Draft draft) {
    return writer.submit(sql -> append(sql, draft));
  }

  @Override
  public Future<LogPage> readAfter(String conversation, long offset, int limit) {
    return readers.submit(sql -> reader.after(sql, conversation, offset, limit));
  }

  @Override
  public Future<LogPage> readBefore(String conversation, long offset, int limit) {
    return readers.submit(sql -> reader.before(sql, conversation, offset, limit));
  }

  private Appended append(Sql sql, Draft draft) throws SQLException {
    Heads.Head head = heads.find(sql, draft.conversation());
    if (head != null && head.members.equals(draft.members())) {
      return append(sql, head, draft);
    }
    try {
      return sql.atomically(() -> append(sql, withMembers(sql, head, draft), draft));
    } catch (SQLException | RuntimeException e) {
      heads.forget(draft.conversation());
      throw e;
    }
  }

  private Heads.Head withMembers(Sql sql, Heads.Head known, Draft draft) throws SQLException {
    Heads.Head head = known == null ? heads.create(sql, draft.conversation()) : known;
    for (String member : draft.members()) {
      sql.update(SqliteConversationStore.JOIN, head.conversation, member, draft.conversation(), null, Role.MEMBER.ordinal(), draft.time(), 0L);
    }
    if (!draft.members().isEmpty()) {
      head.members = draft.members();
    }
    return head;
  }

  private Appended append(Sql sql, Heads.Head head, Draft draft) throws SQLException {
    if (retention.remembersTrimmed()) {
      Appended first = firstTrimmed(sql, head, draft);
      if (first != null) {
        return first;
      }
    }
    if (insert(sql, head, draft)) {
      head.offset++;
      return new Appended(message(draft, head.offset, draft.id(), draft.platform(), draft.time()), false);
    }
    return firstSent(sql, head, draft);
  }

  private static boolean insert(Sql sql, Heads.Head head, Draft draft) throws SQLException {
    PreparedStatement insert = sql.statement(INSERT);
    insert.setLong(1, head.conversation);
    insert.setLong(2, head.offset + 1);
    insert.setString(3, draft.id());
    insert.setString(4, draft.from());
    insert.setString(5, draft.platform());
    insert.setLong(6, draft.time());
    insert.setString(7, draft.cid());
    insert.setString(8, draft.type());
    insert.setString(9, draft.body());
    return insert.executeUpdate() == 1;
  }

  private Appended firstSent(Sql sql, Heads.Head head, Draft draft) throws SQLException {
    return sql.first(
        FIRST_SENT,
        row -> {
          boolean same = row.getString(5).equals(draft.type()) && row.getString(6).equals(draft.body());
          requireSame(same, draft);
          return new Appended(message(draft, row.getLong(1), row.getString(2), row.getString(3), row.getLong(4)), true);
        },
        head.conversation,
        draft.from(),
        draft.cid());
  }

  private Appended firstTrimmed(Sql sql, Heads.Head head, Draft draft) throws SQLException {
    return sql.first(
        TRIMMED,
        row -> {
          requireSame(Arrays.equals(row.getBytes(5), Content.fingerprint(draft.type(), draft.body())), draft);
          return new Appended(message(draft, row.getLong(1), row.getString(2), row.getString(3), row.getLong(4)), true);
        },
        head.conversation,
        draft.from(),
        draft.cid());
  }

  private static void requireSame(boolean same, Draft draft) {
    if (!same) {
      throw new Refusal(ErrorCode.CONFLICT, "cid %s was used before in this conversation for another message".formatted(draft.cid()));
    }
  }

  private Message message(Draft draft, long offset, String id, String platform, long time) {
    return new Message(
        id, draft.conversation(), epoch, offset, draft.from(), platform, time, draft.cid(), draft.type(), draft.body());
  }
}
