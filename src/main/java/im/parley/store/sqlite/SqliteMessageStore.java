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
import java.sql.SQLException;
import java.util.Arrays;

/**
 * The logs: appended to the {@link Tail} by the writer, read through {@link LogReader} by the
 * readers.
 */
final class SqliteMessageStore implements MessageStore {
  private static final String PLACED =
      "SELECT offset, id, platform, time, type, body FROM message WHERE conversation=? AND sender=?"
          + " AND cid=?";
  private static final String TRIMMED =
      "SELECT offset, id, platform, time, content FROM trimmed WHERE conversation=? AND sender=?"
          + " AND cid=?";

  private final Writer writer;
  private final Readers readers;
  private final Heads heads;
  private final Tail tail;
  private final Retention retention;
  private final LogReader reader;
  private final String epoch;

  SqliteMessageStore(
      Writer writer,
      Readers readers,
      LogReader reader,
      Heads heads,
      Tail tail,
      Retention retention,
      String epoch) {
    this.writer = writer;
    this.readers = readers;
    this.heads = heads;
    this.retention = retention;
    this.reader = reader;
    this.tail = tail;
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
    if (head != null && head.has(draft.members())) {
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
      sql.update(
          SqliteConversationStore.JOIN,
          head.conversation,
          member,
          draft.conversation(),
          null,
          Role.MEMBER.ordinal(),
          draft.time(),
          0L);
    }
    if (!draft.members().isEmpty()) {
      head.members = draft.members();
    }
    return head;
  }

  private Appended append(Sql sql, Heads.Head head, Draft draft) throws SQLException {
    Message inTail = tail.find(head.conversation, draft.from(), draft.cid());
    if (inTail != null) {
      requireSame(inTail.type().equals(draft.type()) && inTail.body().equals(draft.body()), draft);
      return new Appended(inTail, true);
    }
    Appended trimmed = retention.remembersTrimmed() ? firstTrimmed(sql, head, draft) : null;
    if (trimmed != null) {
      return trimmed;
    }
    Message message = message(draft, head.offset + 1, draft.id(), draft.platform(), draft.time());
    if (!tail.append(sql, head.conversation, message)) {
      return firstPlaced(sql, head, draft);
    }
    head.offset++;
    return new Appended(message, false);
  }

  private Appended firstPlaced(Sql sql, Heads.Head head, Draft draft) throws SQLException {
    return sql.first(
        PLACED,
        row -> {
          requireSame(
              row.getString(5).equals(draft.type()) && row.getString(6).equals(draft.body()),
              draft);
          return new Appended(
              message(draft, row.getLong(1), row.getString(2), row.getString(3), row.getLong(4)),
              true);
        },
        head.conversation,
        draft.from(),
        draft.cid());
  }

  private Appended firstTrimmed(Sql sql, Heads.Head head, Draft draft) throws SQLException {
    return sql.first(
        TRIMMED,
        row -> {
          requireSame(
              Arrays.equals(row.getBytes(5), Content.fingerprint(draft.type(), draft.body())),
              draft);
          return new Appended(
              message(draft, row.getLong(1), row.getString(2), row.getString(3), row.getLong(4)),
              true);
        },
        head.conversation,
        draft.from(),
        draft.cid());
  }

  private static void requireSame(boolean same, Draft draft) {
    if (!same) {
      throw new Refusal(
          ErrorCode.CONFLICT,
          "cid %s was used before in this conversation for another message".formatted(draft.cid()));
    }
  }

  private Message message(Draft draft, long offset, String id, String platform, long time) {
    return new Message(
        id,
        draft.conversation(),
        epoch,
        offset,
        draft.from(),
        platform,
        time,
        draft.cid(),
        draft.type(),
        draft.body());
  }
}
