package im.parley.store.sqlite;

/**
 * Finds an {@link Entry} by conversation, sender and cid; it is linked through the entries
 * themselves, so that it costs them no object. Confined to the writer.
 */
final class CidTable {
  private static final int BITS = 17;

  private Entry[] buckets = new Entry[1 << BITS];

  void add(Entry entry) {
    int bucket = bucket(entry.conversation, entry.key);
    entry.next = buckets[bucket];
    buckets[bucket] = entry;
  }

  /** The entry whose sender and cid are those of {@code packed}, or null. */
  Entry find(long conversation, int key, byte[] packed) {
    Entry entry = buckets[bucket(conversation, key)];
    while (entry != null
        && !(entry.key == key && entry.conversation == conversation && entry.hasCidOf(packed))) {
      entry = entry.next;
    }
    return entry;
  }

  void remove(Entry entry) {
    int bucket = bucket(entry.conversation, entry.key);
    if (buckets[bucket] == entry) {
      buckets[bucket] = entry.next;
    } else {
      Entry before = buckets[bucket];
      while (before.next != entry) {
        before = before.next;
      }
      before.next = entry.next;
    }
    entry.next = null;
  }

  void clear() {
    buckets = new Entry[1 << BITS];
  }

  private static int bucket(long conversation, int key) {
    long mixed = (key + conversation) * 0x9e3779b97f4a7c15L;
    return (int) (mixed >>> (Long.SIZE - BITS));
  }
}
