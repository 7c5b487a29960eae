package im.parley.store.sqlite;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Message;
import im.parley.protocol.Refusal;
import im.parley.store.Appended;
import im.parley.store.ConversationStore.Role;
import im.parley.store.Draft;
import java.sql.SQLException;
import java.util.Arrays;

/**
 * Appends to a log: finds the first message with the draft's cid, in the tail, among the trimmed
 * and in the file, else gives the next offset. Confined to the writer.
 */
final class Appender {
  private static final String TRIMMED =
      "SELECT offset, id, platform, time, content FROM trimmed WHERE conversation=? AND sender=?"
          + " AND cid=?";

  private final Heads heads;
  private final Tail tail;
  private final Placed placed;
  private final Retention retention;
  private final String epoch;

  Appender(Heads heads, Tail tail, Placed placed, Retention retention, String epoch) {
    this.heads = heads;
    this.tail = tail;
    this.placed = placed;
    this.retention = retention;
    this.epoch = epoch;
  }

  Appended append(Sql sql, Append append) throws SQLException {
    Draft draft = append.draft;
    Heads.Head head = heads.find(sql, draft.conversation());
    if (head != null && head.has(draft.members())) {
      return append(sql, head, append);
    }
    try {
      return sql.atomically(() -> append(sql, withMembers(sql, head, draft), append));
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

  private Appended append(Sql sql, Heads.Head head, Append append) throws SQLException {
    Draft draft = append.draft;
    Message first = first(sql, head, append);
    if (first != null) {
      requireSame(first.type().equals(draft.type()) && first.body().equals(draft.body()), draft);
      return new Appended(first, true);
    }
    Appended trimmed = retention.remembersTrimmed() ? firstTrimmed(sql, head, draft) : null;
    if (trimmed != null) {
      return trimmed;
    }
    head.offset++;
    tail.append(head.conversation, head.name, head.offset, append);
    return new Appended(
        message(draft, head.offset, draft.id(), draft.platform(), draft.time()), false);
  }

  private Message first(Sql sql, Heads.Head head, Append append) throws SQLException {
    Entry inTail = tail.find(head.conversation, append.key, append.packed);
    return inTail == null ? placed.find(sql, head.conversation, append) : inTail.unpack(epoch);
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
