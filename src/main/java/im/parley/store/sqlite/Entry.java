package im.parley.store.sqlite;

/**
 * A message in the {@link Tail}: packed, for some ten thousands of them outlive many collections.
 * Immutable but for the links of {@link CidTable}, which are the writer's.
 */
final class Entry {
  final long conversation;
  final String name;
  final long offset;
  final int key;
  final byte[] packed;

  // Writer only
  Entry next;

  /**
   * @param conversation number of the conversation
   * @param name its id
   * @param key see {@link CidKeys}
   * @param packed see {@link Packed}
   */
  Entry(long conversation, String name, long offset, int key, byte[] packed) {
    this.conversation = conversation;
    this.name = name;
    this.offset = offset;
    this.key = key;
    this.packed = packed;
  }
}
