package im.parley.store.sqlite;

import im.parley.protocol.Message;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds what appends repeat among the messages that are in their place. Nearly none repeats
 * anything, so a group asks the file for all its keys in one statement. Confined to the writer.
 */
final class Placed {
  private static final Rows ASK =
      new Rows(
          "WITH asked(conversation, key) AS (VALUES%s) SELECT a.conversation, a.key FROM asked a"
              + " WHERE EXISTS (SELECT 1 FROM message m WHERE m.conversation=a.conversation AND"
              + " m.key=a.key)",
          2);
  private static final String FIND =
      "SELECT offset, entry FROM message WHERE conversation=? AND key=?";

  private record Key(long conversation, int key) {}

  private record Row(long offset, byte[] packed) {}

  private final Heads heads;
  private final String epoch;

  // Writer only
  private final List<Key> asked = new ArrayList<>();
  private final Set<Key> there = new HashSet<>();
  private boolean known;

  Placed(Heads heads, String epoch) {
    this.heads = heads;
    this.epoch = epoch;
  }

  /** Asks the file about the appends of a group, which follow. */
  void ask(Sql sql, List<Pending<?>> group) throws SQLException {
    asked.clear();
    there.clear();
    for (Pending<?> pending : group) {
      if (pending.work() instanceof Append append) {
        Heads.Head head = heads.find(sql, append.draft.conversation());
        if (head != null) {
          asked.add(new Key(head.conversation, append.key));
        }
      }
    }
    ASK.each(sql, asked, Placed::bind, this::collect);
    known = true;
  }

  /** What was asked is no longer true: messages have come to their places since. */
  void forget() {
    known = false;
  }

  /** The message in its place that has the sender and cid of {@code append}, or null. */
  Message find(Sql sql, long conversation, Append append) throws SQLException {
    if (known && !there.contains(new Key(conversation, append.key))) {
      return null;
    }
    List<Row> found =
        sql.list(FIND, row -> new Row(row.getLong(1), row.getBytes(2)), conversation, append.key);
    for (Row row : found) {
      if (Packed.sameCid(row.packed(), append.packed)) {
        return Packed.unpack(row.packed(), append.draft.conversation(), epoch, row.offset());
      }
    }
    return null;
  }

  private static void bind(PreparedStatement statement, int at, Key key) throws SQLException {
    statement.setLong(at, key.conversation());
    statement.setInt(at + 1, key.key());
  }

  private void collect(PreparedStatement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        there.add(new Key(rows.getLong(1), rows.getInt(2)));
      }
    }
  }
}
