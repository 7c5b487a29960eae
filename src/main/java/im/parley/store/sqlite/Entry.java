package im.parley.store.sqlite;

import im.parley.protocol.Message;
import java.sql.SQLException;
import java.util.Arrays;

/**
 * A message in the {@link Tail}: one object, whose packed bytes lie among those of others, for some
 * ten thousands of them outlive many collections. Immutable but for the links of {@link CidTable},
 * which are the writer's.
 */
final class Entry {
  final long conversation;
  final String name;
  final long offset;
  final int key;
  private final byte[] slab;
  private final int at;
  private final int length;

  // Writer only
  Entry next;

  /**
   * @param conversation number of the conversation
   * @param name its id
   * @param key see {@link CidKeys}
   * @param slab has the packed message ({@link Packed}) at {@code at}, of {@code length} bytes
   */
  Entry(long conversation, String name, long offset, int key, byte[] slab, int at, int length) {
    this.conversation = conversation;
    this.name = name;
    this.offset = offset;
    this.key = key;
    this.slab = slab;
    this.at = at;
    this.length = length;
  }

  /** How many bytes it is, packed. */
  int length() {
    return length;
  }

  /** A copy of its bytes. */
  byte[] packed() {
    return Arrays.copyOfRange(slab, at, at + length);
  }

  /** Adds its bytes to others. */
  void writeTo(Packed.Bytes bytes) {
    bytes.raw(slab, at, length);
  }

  /** Whether it has the sender and the cid that {@code packed} has. */
  boolean hasCidOf(byte[] packed) {
    return Packed.sameCid(slab, at, packed);
  }

  /** Whether it begins with {@code prefix}. */
  boolean startsWith(byte[] prefix) {
    return length >= prefix.length
        && Arrays.equals(slab, at, at + prefix.length, prefix, 0, prefix.length);
  }

  /** The message itself; fails as SQLite does for a damaged file. */
  Message unpack(String epoch) throws SQLException {
    return Packed.unpack(slab, at, at + length, name, epoch, offset);
  }
}
