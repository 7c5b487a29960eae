package im.parley.gateway;

import io.netty.buffer.ByteBuf;

/**
 * The head of a frame from a client, RFC 6455 §5.2.
 *
 * @param flags its first byte: FIN, RSV1–3, opcode
 * @param masked whether a masking key follows; a client's frame must have one
 * @param mask the key, 0 if there is none
 * @param length of the payload in bytes; negative if the peer set the highest of 64 bits
 * @param size of this head in bytes
 */
record FrameHeader(int flags, boolean masked, int mask, long length, int size) {
  static final int FIN = 0x80;
  static final int RSV1 = 0x40;
  static final int RSV = 0x70;

  static final int CONTINUATION = 0x0;
  static final int TEXT = 0x1;
  static final int BINARY = 0x2;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int PONG = 0xA;

  /** A control frame's longest payload, RFC 6455 §5.5. */
  static final int MAX_CONTROL_BYTES = 125;

  private static final int MIN_SIZE = 2;

  /** The head at the reader index, which stays where it is; null while it is incomplete. */
  static FrameHeader read(ByteBuf buf) {
    int readable = buf.readableBytes();
    int size = size(buf);
    if (readable < size) {
      return null;
    }
    int at = buf.readerIndex();
    int second = buf.getByte(at + 1);
    boolean masked = (second & 0x80) != 0;
    long length = second & 0x7F;
    if (length == 126) {
      length = buf.getUnsignedShort(at + 2);
    } else if (length == 127) {
      length = buf.getLong(at + 2);
    }
    int mask = masked ? buf.getInt(at + size - 4) : 0;
    return new FrameHeader(buf.getUnsignedByte(at), masked, mask, length, size);
  }

  /**
   * How many more bytes of the frame at the reader index must come until more of it can be told; at
   * most 0 if it is whole.
   */
  static long missing(ByteBuf buf) {
    FrameHeader header = read(buf);
    long known = header == null ? size(buf) : header.size() + header.length();
    return known - buf.readableBytes();
  }

  private static int size(ByteBuf buf) {
    if (buf.readableBytes() < MIN_SIZE) {
      return MIN_SIZE;
    }
    int second = buf.getByte(buf.readerIndex() + 1);
    int length = second & 0x7F;
    int size = MIN_SIZE + (length == 126 ? 2 : length == 127 ? 8 : 0);
    return (second & 0x80) != 0 ? size + 4 : size;
  }

  int opcode() {
    return flags & 0x0F;
  }

  boolean fin() {
    return (flags & FIN) != 0;
  }

  boolean rsv1() {
    return (flags & RSV1) != 0;
  }

  boolean isControl() {
    return (flags & 0x08) != 0;
  }

  /**
   * What is wrong with this head whatever came before it; null if nothing is.
   *
   * @param deflate whether permessage-deflate was negotiated, which gives RSV1 a meaning
   */
  String fault(boolean deflate) {
    int opcode = opcode();
    boolean data = opcode == TEXT || opcode == BINARY;
    // RFC 6455 §5.2; RFC 7692 §6 has RSV1 on the first frame of a message only
    int reserved = flags & RSV & (deflate && data ? ~RSV1 : ~0);
    if (reserved != 0) {
      return "reserved bits set";
    }
    if (!data && opcode != CONTINUATION && opcode != CLOSE && opcode != PING && opcode != PONG) {
      return "unknown opcode " + opcode;
    }
    // RFC 6455 §5.1
    if (!masked) {
      return "frame is not masked";
    }
    if (length < 0) {
      return "length over 63 bits";
    }
    // RFC 6455 §5.5
    if (isControl() && !fin()) {
      return "control frame is fragmented";
    }
    if (isControl() && length > MAX_CONTROL_BYTES) {
      return "control frame over 125 bytes";
    }
    return null;
  }
}
