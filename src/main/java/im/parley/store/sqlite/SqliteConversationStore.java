package im.parley.store.sqlite;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Message;
import im.parley.protocol.Refusal;
import im.parley.store.ConversationPage;
import im.parley.store.ConversationState;
import im.parley.store.ConversationStore;
import im.parley.store.Marks;
import io.vertx.core.Future;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Membership and marks. */
final class SqliteConversationStore implements ConversationStore {
  static final String JOIN =
      "INSERT INTO member(conversation, user, name, room, role, since, joined)"
          + " VALUES(?,?,?,?,?,?,?) ON CONFLICT(conversation, user) DO NOTHING";
  private static final String COLUMNS =
      "SELECT conversation, name, joined, delivered, read FROM member";
  private static final String OF_USER = COLUMNS + " WHERE user=? AND name>? ORDER BY name LIMIT ?";
  private static final String ONE = COLUMNS + " WHERE user=? AND name=?";
  private static final String MOVE =
      "UPDATE member SET delivered=?, read=? WHERE conversation=? AND user=?";
  private static final String ID = "(SELECT id FROM conversation WHERE name=?)";
  private static final String MEMBERS =
      "SELECT user, role, joined FROM member WHERE conversation="
          + ID
          + " AND user>? ORDER BY user LIMIT ?";
  private static final String MARKS =
      "SELECT user, delivered, read FROM member WHERE conversation="
          + ID
          + " ORDER BY user LIMIT ?";
  private static final String IS_MEMBER = "SELECT count(*) FROM member WHERE user=? AND name=?";
  private static final String UNREAD =
      "SELECT count(*) FROM (SELECT 1 FROM message WHERE conversation=?1 AND offset>?2 AND"
          + " substr(entry, 1, length(?3))<>?3 LIMIT 1000)";
  private static final long MOST_UNREAD = 1_000;
  // A log is searched for unread messages no further back than this.
  private static final long UNREAD_WINDOW = 10_000;
  private static final Role[] ROLES = Role.values();

  private final Writer writer;
  private final Readers readers;
  private final Heads heads;
  private final LogReader reader;
  private final String epoch;

  SqliteConversationStore(
      Writer writer, Readers readers, LogReader reader, Heads heads, String epoch) {
    this.writer = writer;
    this.readers = readers;
    this.heads = heads;
    this.reader = reader;
    this.epoch = epoch;
  }

  /** A user's place in one conversation. */
  private record Membership(long id, String conversation, long joined, long delivered, long read) {}

  @Override
  public Future<ConversationPage> conversations(String user, String afterConversation, int limit) {
    return readers.submit(
        sql -> {
          List<Membership> found =
              sql.list(
                  OF_USER,
                  SqliteConversationStore::membership,
                  user,
                  afterConversation,
                  limit + 1L);
          boolean more = found.size() > limit;
          // The tail is looked at before the file: a new snapshot begins after it. See TailLogs.
          sql.release();
          List<ConversationState> states = new ArrayList<>();
          for (Membership membership : more ? found.subList(0, limit) : found) {
            states.add(state(sql, user, membership));
          }
          return new ConversationPage(List.copyOf(states), more);
        });
  }

  @Override
  public Future<ConversationState> conversation(String user, String conversation) {
    return readers.submit(
        sql -> {
          Membership member = membership(sql, user, conversation);
          sql.release();
          return state(sql, user, member);
        });
  }

  @Override
  public Future<Marks> mark(String user, String conversation, long delivered, long read) {
    return writer.submit(
        sql -> {
          Membership now = membership(sql, user, conversation);
          long head = heads.durable(heads.find(sql, conversation));
          long newRead = Math.max(now.read(), Math.min(read, head));
          long newDelivered =
              Math.max(newRead, Math.max(now.delivered(), Math.min(delivered, head)));
          boolean changed = newRead != now.read() || newDelivered != now.delivered();
          if (changed) {
            sql.update(MOVE, newDelivered, newRead, now.id(), user);
          }
          return new Marks(newDelivered, newRead, changed);
        });
  }

  @Override
  public Future<List<MemberMarks>> marks(String conversation, int limit) {
    return readers.submit(
        sql ->
            sql.list(
                MARKS,
                row -> new MemberMarks(row.getString(1), row.getLong(2), row.getLong(3)),
                conversation,
                limit));
  }

  @Override
  public Future<List<Member>> members(String conversation, String afterUser, int limit) {
    return readers.submit(
        sql ->
            sql.list(
                MEMBERS,
                row -> new Member(row.getString(1), ROLES[row.getInt(2)], row.getLong(3)),
                conversation,
                afterUser,
                limit));
  }

  @Override
  public Future<Boolean> isMember(String user, String conversation) {
    return readers.submit(sql -> sql.number(IS_MEMBER, 0, user, conversation) > 0);
  }

  private ConversationState state(Sql sql, String user, Membership member) throws SQLException {
    long marked = Math.max(member.read(), member.joined());
    byte[] own = Packed.prefix(user);
    List<Entry> inTail = reader.tail(member.conversation(), marked + 1);
    LogReader.Span span = reader.span(sql, member.conversation(), inTail);
    Message last = reader.last(sql, member.conversation(), inTail, span);
    long seen = Math.max(marked, span.head() - UNREAD_WINDOW);
    long unread = seen >= span.placed() ? 0 : sql.number(UNREAD, 0, member.id(), seen, own);
    long from = Math.max(seen, span.placed());
    unread +=
        inTail.stream().filter(entry -> entry.offset > from && !entry.startsWith(own)).count();
    sql.release();
    return new ConversationState(
        member.conversation(),
        epoch,
        span.first(),
        span.head(),
        Math.min(unread, MOST_UNREAD),
        member.delivered(),
        member.read(),
        last);
  }

  private static Membership membership(Sql sql, String user, String conversation)
      throws SQLException {
    Membership found = sql.first(ONE, SqliteConversationStore::membership, user, conversation);
    if (found == null) {
      throw new Refusal(
          ErrorCode.NOT_MEMBER, "%s is not a member of %s".formatted(user, conversation));
    }
    return found;
  }

  private static Membership membership(ResultSet row) throws SQLException {
    return new Membership(
        row.getLong(1), row.getString(2), row.getLong(3), row.getLong(4), row.getLong(5));
  }
}
