package im.parley.cluster;

import io.vertx.core.buffer.Buffer;

/**
 * What stands at the beginning of everything that nodes send each other.
 *
 * <pre>
 *  0 short magic      2 byte version   3 byte kind     4 long sender   12 long stream
 * 20 long number     28 long stream that is acknowledged   36 long batch that is acknowledged
 * 44 int count of frames, that follow
 * </pre>
 *
 * @param kind what it is for
 * @param sender the number of the node that sent it
 * @param stream of the sender's batches; in a {@link Kind#RESET} of the receiver's
 * @param number of the batch in its stream, from 1
 * @param ackStream the last stream of the receiver's that the sender opened; 0 for none
 * @param ackNumber the last batch of it that was handed on
 * @param count frames
 */
record BatchHeader(
    Kind kind, long sender, long stream, long number, long ackStream, long ackNumber, int count) {
  static final int LENGTH = 48;

  private static final short MAGIC = 0x5042;
  private static final byte VERSION = 1;
  private static final int COUNT = 44;

  /** What a header is for. Its ordinal is on the wire: never reorder. */
  enum Kind {
    /** Frames follow. */
    BATCH,
    /** A stream begins, and nothing was lost before it. */
    OPEN,
    /** A stream begins because frames were lost. */
    REOPEN,
    /** Asks for the acknowledgement of all batches before {@code number}. */
    PROBE,
    /** Is there for what it acknowledges. */
    ACK,
    /** {@code stream} has a hole or is unknown: another one is to begin. */
    RESET;

    private static final Kind[] ALL = values();
  }

  /** A buffer with this header, and room for {@code bytes} in all. */
  Buffer buffer(int bytes) {
    return Buffer.buffer(bytes)
        .appendShort(MAGIC)
        .appendByte(VERSION)
        .appendByte((byte) kind.ordinal())
        .appendLong(sender)
        .appendLong(stream)
        .appendLong(number)
        .appendLong(ackStream)
        .appendLong(ackNumber)
        .appendInt(count);
  }

  /** Sets the count of frames in a buffer that begins with a header. */
  static void count(Buffer buffer, int count) {
    buffer.setInt(COUNT, count);
  }

  /** The header at the beginning of {@code buffer}, or null if there is none. */
  static BatchHeader read(Buffer buffer) {
    if (buffer.length() < LENGTH
        || buffer.getShort(0) != MAGIC
        || buffer.getByte(2) != VERSION
        || buffer.getByte(3) < 0
        || buffer.getByte(3) >= Kind.ALL.length) {
      return null;
    }
    return new BatchHeader(
        Kind.ALL[buffer.getByte(3)],
        buffer.getLong(4),
        buffer.getLong(12),
        buffer.getLong(20),
        buffer.getLong(28),
        buffer.getLong(36),
        buffer.getInt(COUNT));
  }
}
