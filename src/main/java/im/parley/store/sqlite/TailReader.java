package im.parley.store.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells which messages of the journal are not in their place yet. A record of the journal is, for
 * each message of a group: number of the conversation, offset, key, length of the entry, entry;
 * numbers as in {@link Packed}.
 */
final class TailReader {
  private static final String LOG =
      "SELECT name, max(first - 1, coalesce((SELECT max(offset) FROM message WHERE"
          + " conversation=c.id), 0)) FROM conversation c WHERE id=?";

  private final Sql sql;
  private final Map<Long, Log> known = new HashMap<>();

  /** {@code sql} has the logs as far as they are in their place. */
  TailReader(Sql sql) {
    this.sql = sql;
  }

  /** A log, and the last offset that is known of it. */
  private static final class Log {
    final String name;
    long end;

    Log(String name, long end) {
      this.name = name;
      this.end = end;
    }
  }

  /** Adds a message to a record. */
  static void write(long conversation, long offset, int key, byte[] packed, Packed.Bytes record) {
    record.number(conversation);
    record.number(offset);
    record.number(Integer.toUnsignedLong(key));
    record.number(packed.length);
    record.raw(packed);
  }

  /**
   * The messages of {@code records} that are neither in their place nor in the records read before.
   * Fails when one is missing between.
   */
  List<Entry> read(List<byte[]> records) throws SQLException {
    List<Entry> found = new ArrayList<>();
    try {
      for (byte[] record : records) {
        Packed.Reader reader = new Packed.Reader(record, 0, record.length);
        while (reader.hasMore()) {
          long conversation = reader.number();
          long offset = reader.number();
          int key = (int) reader.number();
          int length = (int) reader.number();
          int at = reader.at();
          reader.skip(length);
          Log log = log(conversation);
          if (offset > log.end + 1) {
            throw Packed.damaged("message %d of %s".formatted(log.end + 1, log.name));
          }
          if (offset > log.end) {
            log.end = offset;
            found.add(new Entry(conversation, log.name, offset, key, record, at, length));
          }
        }
      }
    } catch (IndexOutOfBoundsException e) {
      throw Packed.damaged("the newest messages");
    }
    return found;
  }

  private Log log(long conversation) throws SQLException {
    Log log = known.get(conversation);
    if (log == null) {
      log = sql.first(LOG, row -> new Log(row.getString(1), row.getLong(2)), conversation);
      if (log == null) {
        throw Packed.damaged("a message of conversation " + conversation);
      }
      known.put(conversation, log);
    }
    return log;
  }
}
