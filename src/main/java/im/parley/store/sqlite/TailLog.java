package im.parley.store.sqlite;

import java.util.Arrays;
import java.util.List;

/**
 * One log's messages in one {@link Generation}; their offsets have no holes. The writer appends,
 * any thread reads what is committed.
 *
 * <p>Of each message it keeps four numbers and no object, see {@link Generation}.
 */
final class TailLog {
  // Of each message: number of its slab, place in it, length, key
  private static final int FIELDS = 4;

  final int number;
  final long conversation;
  final String name;
  private final long first;
  private final Slabs slabs;

  // Guarded by this; but the writer, which alone changes them, reads them as it likes
  private int[] fields = new int[4 * FIELDS];
  private int appended;
  private int committed;

  /**
   * @param number its own in its generation
   * @param conversation number of the conversation
   * @param name its id
   * @param first offset of the first message to come
   * @param slabs has the messages' bytes
   */
  TailLog(int number, long conversation, String name, long first, Slabs slabs) {
    this.number = number;
    this.conversation = conversation;
    this.name = name;
    this.first = first;
    this.slabs = slabs;
  }

  /**
   * Adds a message; it is for readers after {@link #commit}. Writer only.
   *
   * @param key see {@link CidKeys}
   * @return its index
   */
  synchronized int append(int key, byte[] bytes, int at, int length) {
    int index = appended;
    int base = index * FIELDS;
    if (base == fields.length) {
      fields = Arrays.copyOf(fields, base * 2);
    }
    long place = slabs.keep(bytes, at, length);
    fields[base] = (int) (place >>> Integer.SIZE);
    fields[base + 1] = (int) place;
    fields[base + 2] = length;
    fields[base + 3] = key;
    appended++;
    return index;
  }

  /** What was appended is durable. Writer only. */
  synchronized void commit() {
    committed = appended;
  }

  /** How many messages. Writer only. */
  int size() {
    return appended;
  }

  /** How many of them are not committed. Writer only. */
  int uncommitted() {
    return appended - committed;
  }

  /** The last offset, committed or not. Writer only. */
  long end() {
    return first + appended - 1;
  }

  /** Its key. Writer only. */
  int key(int index) {
    return fields[index * FIELDS + 3];
  }

  /** Whether it has the sender and the cid that {@code packed} has. Writer only. */
  boolean hasCid(int index, byte[] packed) {
    int base = index * FIELDS;
    return Packed.sameCid(slabs.slab(fields[base]), fields[base + 1], packed);
  }

  /** One message. Writer only; for others the committed ones, with the lock. */
  Entry entry(int index) {
    int base = index * FIELDS;
    return new Entry(
        conversation,
        name,
        first + index,
        fields[base + 3],
        slabs.slab(fields[base]),
        fields[base + 1],
        fields[base + 2]);
  }

  /** The last committed offset, 0 when nothing is. Any thread. */
  synchronized long head() {
    return committed == 0 ? 0 : first + committed - 1;
  }

  /** Adds the committed messages with {@code from <= offset < to} to {@code found}. Any thread. */
  synchronized void collect(long from, long to, List<Entry> found) {
    int start = (int) Math.max(0, Math.min(committed, from - first));
    int end = (int) Math.max(start, Math.min(committed, to - first));
    for (int index = start; index < end; index++) {
      found.add(entry(index));
    }
  }
}
