package im.parley.store.sqlite;

import java.util.List;

/**
 * Finds a message of a {@link Generation} by conversation, sender and cid: an open hash table of
 * numbers. Nothing is ever removed: it goes with its generation. Confined to the writer.
 */
final class CidTable {
  private static final int LEAST_BITS = 10;

  private final List<TailLog> logs;

  // Number of the log plus 1, and below it the index in the log; 0 is free. At most half full.
  private long[] cells = new long[1 << LEAST_BITS];
  private int size;

  /**
   * @param logs by number
   */
  CidTable(List<TailLog> logs) {
    this.logs = logs;
  }

  /** Adds the message of that index. */
  void add(TailLog log, int index) {
    if (++size * 2 > cells.length) {
      grow();
    }
    put(log.number + 1L << Integer.SIZE | index);
  }

  /** The message whose sender and cid are those of {@code packed}, or null. */
  Entry find(long conversation, int key, byte[] packed) {
    for (int at = home(conversation, key); cells[at] != 0; at = next(at)) {
      TailLog log = log(cells[at]);
      int index = (int) cells[at];
      if (log.conversation == conversation && log.key(index) == key && log.hasCid(index, packed)) {
        return log.entry(index);
      }
    }
    return null;
  }

  private void grow() {
    long[] before = cells;
    cells = new long[before.length * 2];
    for (long cell : before) {
      if (cell != 0) {
        put(cell);
      }
    }
  }

  private void put(long cell) {
    TailLog log = log(cell);
    int at = home(log.conversation, log.key((int) cell));
    while (cells[at] != 0) {
      at = next(at);
    }
    cells[at] = cell;
  }

  private TailLog log(long cell) {
    return logs.get((int) (cell >>> Integer.SIZE) - 1);
  }

  private int home(long conversation, int key) {
    long mixed = (key + conversation) * 0x9e3779b97f4a7c15L;
    return (int) (mixed >>> Long.numberOfLeadingZeros(cells.length - 1L));
  }

  private int next(int at) {
    return at + 1 & cells.length - 1;
  }
}
