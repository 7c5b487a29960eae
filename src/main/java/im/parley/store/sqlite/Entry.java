package im.parley.store.sqlite;

import im.parley.protocol.Message;
import java.sql.SQLException;
import java.util.Arrays;

/**
 * A message of the {@link Tail}, or of its journal: shows where its packed bytes lie among those of
 * others.
 */
final class Entry {
  final long conversation;
  final String name;
  final long offset;
  final int key;
  private final byte[] slab;
  private final int at;
  private final int length;

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

  /** A copy of its bytes. */
  byte[] packed() {
    return Arrays.copyOfRange(slab, at, at + length);
  }

  /** Adds it to a generation. */
  TailLog addTo(Generation generation) {
    return generation.append(conversation, name, offset, key, slab, at, length);
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
