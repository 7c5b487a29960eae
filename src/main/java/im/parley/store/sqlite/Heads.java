package im.parley.store.sqlite;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each log ends, as the writer knows it: the conversations last written to, read from the
 * file when absent. Confined to the writer; forgotten after every failed group, because it counts
 * offsets that were never committed.
 */
final class Heads {
  private static final int KEPT = 65_536;
  private static final String FIND = "SELECT id, first FROM conversation WHERE name=?";
  private static final String LAST = "SELECT max(offset) FROM message WHERE conversation=?";
  private static final String CREATE = "INSERT INTO conversation(name) VALUES(?)";

  /** One log's end. */
  static final class Head {
    final long conversation;
    final String name;
    long offset;

    /** The members that were last made sure of. */
    List<String> members = List.of();

    Head(long conversation, String name, long offset) {
      this.conversation = conversation;
      this.name = name;
      this.offset = offset;
    }

    /**
     * Whether all of {@code asked} are known members, in whichever order: either side may write.
     */
    boolean has(List<String> asked) {
      return members.containsAll(asked);
    }
  }

  private final Tail tail;
  private final Map<String, Head> heads =
      new LinkedHashMap<>(1_024, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Head> eldest) {
          return size() > KEPT;
        }
      };

  Heads(Tail tail) {
    this.tail = tail;
  }

  /** The head of the log, or null when there is no such conversation. */
  Head find(Sql sql, String name) throws SQLException {
    Head known = heads.get(name);
    if (known != null) {
      return known;
    }
    long[] row = sql.first(FIND, found -> new long[] {found.getLong(1), found.getLong(2)}, name);
    if (row == null) {
      return null;
    }
    // A log that retention has emptied still ends before its first free offset: none is given out
    // twice.
    long placed = Math.max(row[1] - 1, sql.number(LAST, 0, row[0]));
    Head head = new Head(row[0], name, Math.max(placed, tail.end(name)));
    heads.put(name, head);
    return head;
  }

  /**
   * Makes the conversation. To be called inside {@link Sql#atomically}, and forgotten when that
   * fails.
   */
  Head create(Sql sql, String name) throws SQLException {
    sql.update(CREATE, name);
    Head head = new Head(sql.number("SELECT last_insert_rowid()", 0), name, 0);
    heads.put(name, head);
    return head;
  }

  /**
   * Where the log ends without what the present group appends, which becomes durable after the
   * tables: what these say of an offset must be true also if it never does.
   */
  long durable(Head head) {
    return head.offset - tail.added(head.conversation);
  }

  void forget(String name) {
    heads.remove(name);
  }

  void forgetAll() {
    heads.clear();
  }
}
