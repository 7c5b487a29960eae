package im.parley.store.sqlite;

import im.parley.protocol.Message;
import im.parley.store.Draft;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;

/**
 * A message as the file keeps it: one value, for each value that is handed to SQLite or back costs
 * more than to write and read one here.
 *
 * <p>In this order: sender, cid, id, type, body, platform, time. A text is its length in bytes and
 * its UTF-8; the platform's length is one more, 0 for none; numbers have 7 bits in a byte, the
 * least first, the highest bit saying that another byte follows. Conversation and offset are kept
 * beside it.
 */
final class Packed {
  // SQLITE_CORRUPT
  private static final int CORRUPT = 11;

  private static final int LARGE = 64 * 1024; // more bytes are not kept

  private static final ThreadLocal<Bytes> SCRATCH = ThreadLocal.withInitial(() -> new Bytes(512));

  private Packed() {}

  /** Packs a draft. */
  static byte[] of(Draft draft) {
    Bytes bytes = SCRATCH.get();
    bytes.clear();
    bytes.text(draft.from());
    bytes.text(draft.cid());
    bytes.text(draft.id());
    bytes.text(draft.type());
    bytes.text(draft.body());
    if (draft.platform() == null) {
      bytes.number(0);
    } else {
      byte[] platform = draft.platform().getBytes(StandardCharsets.UTF_8);
      bytes.number(platform.length + 1L);
      bytes.raw(platform);
    }
    bytes.number(draft.time());
    if (bytes.array().length > LARGE) {
      SCRATCH.remove();
    }
    return bytes.toArray();
  }

  /** What all messages of {@code sender} begin with, and no others. */
  static byte[] prefix(String sender) {
    Bytes bytes = new Bytes(sender.length() + 2);
    bytes.text(sender);
    return bytes.toArray();
  }

  /** Whether {@code packed} is of the sender and has the cid that {@code other} has. */
  static boolean sameCid(byte[] packed, byte[] other) {
    return sameCid(packed, 0, other);
  }

  /** The same of what is packed from {@code at} on. */
  static boolean sameCid(byte[] bytes, int at, byte[] other) {
    int end = cidEnd(bytes, at);
    int otherEnd = cidEnd(other);
    return end - at == otherEnd && Arrays.equals(bytes, at, end, other, 0, otherEnd);
  }

  /** How many bytes at the beginning say sender and cid. */
  static int cidEnd(byte[] packed) {
    return cidEnd(packed, 0);
  }

  private static int cidEnd(byte[] bytes, int at) {
    Reader reader = new Reader(bytes, at, bytes.length);
    reader.skip((int) reader.number());
    reader.skip((int) reader.number());
    return reader.at;
  }

  /** The message; fails as SQLite does for a damaged file when the bytes are none. */
  static Message unpack(byte[] packed, String conversation, String epoch, long offset)
      throws SQLException {
    return unpack(packed, 0, packed.length, conversation, epoch, offset);
  }

  /** The same of what is packed between {@code from} and {@code to}. */
  static Message unpack(
      byte[] bytes, int from, int to, String conversation, String epoch, long offset)
      throws SQLException {
    try {
      Reader reader = new Reader(bytes, from, to);
      String sender = reader.text();
      String cid = reader.text();
      String id = reader.text();
      String type = reader.text();
      String body = reader.text();
      int platformBytes = (int) reader.number();
      String platform = platformBytes == 0 ? null : reader.text(platformBytes - 1);
      long time = reader.number();
      return new Message(id, conversation, epoch, offset, sender, platform, time, cid, type, body);
    } catch (IndexOutOfBoundsException e) {
      throw damaged("message %d of %s".formatted(offset, conversation));
    }
  }

  /** The failure of a damaged file. */
  static SQLException damaged(String what) {
    return new SQLException("cannot be read: " + what, null, CORRUPT);
  }

  /** Bytes that grow. */
  static final class Bytes {
    private byte[] bytes;
    private int size;

    Bytes(int capacity) {
      bytes = new byte[capacity];
    }

    void text(String text) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      number(utf8.length);
      raw(utf8);
    }

    void raw(byte[] more) {
      raw(more, 0, more.length);
    }

    void raw(byte[] from, int at, int length) {
      reserve(length);
      System.arraycopy(from, at, bytes, size, length);
      size += length;
    }

    void number(long number) {
      reserve(Long.BYTES + 2);
      long rest = number;
      while ((rest & ~0x7fL) != 0) {
        bytes[size++] = (byte) (rest | 0x80);
        rest >>>= 7;
      }
      bytes[size++] = (byte) rest;
    }

    int size() {
      return size;
    }

    void clear() {
      size = 0;
    }

    byte[] toArray() {
      return Arrays.copyOf(bytes, size);
    }

    /** The bytes themselves, of which {@link #size} count; valid until the next change. */
    byte[] array() {
      return bytes;
    }

    private void reserve(int more) {
      if (bytes.length - size < more) {
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
      }
    }
  }

  /**
   * Reads what {@link Bytes} has written; throws {@link IndexOutOfBoundsException} behind the end.
   */
  static final class Reader {
    private final byte[] bytes;
    private final int end;
    private int at;

    Reader(byte[] bytes, int at, int end) {
      this.bytes = bytes;
      this.at = at;
      this.end = end;
    }

    boolean hasMore() {
      return at < end;
    }

    int at() {
      return at;
    }

    long number() {
      long number = 0;
      for (int shift = 0; ; shift += 7) {
        if (at == end) {
          throw new IndexOutOfBoundsException(at);
        }
        byte next = bytes[at++];
        number |= (next & 0x7fL) << shift;
        if (next >= 0) {
          return number;
        }
      }
    }

    String text() {
      return text((int) number());
    }

    private String text(int length) {
      int from = at;
      skip(length);
      return new String(bytes, from, length, StandardCharsets.UTF_8);
    }

    void skip(int length) {
      if (length < 0 || length > end - at) {
        throw new IndexOutOfBoundsException(length);
      }
      at += length;
    }
  }
}
