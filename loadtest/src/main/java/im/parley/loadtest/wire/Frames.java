package im.parley.loadtest.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Encodes masked client frames, RFC 6455 §5.3. One per event loop. */
final class Frames {
  private static final int TEXT = 0x1;
  private static final int CLOSE = 0x8;

  private final ByteBufAllocator allocator;
  // xorshift: a mask must differ from frame to frame, not resist an attacker of ourselves
  private int random = (int) System.nanoTime() | 1;

  Frames(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  ByteBuf text(byte[] payload, int length) {
    return frame(TEXT, payload, length);
  }

  ByteBuf close(int code) {
    return frame(CLOSE, new byte[] {(byte) (code >> 8), (byte) code}, 2);
  }

  /** One whole frame in a pooled direct buffer that the caller owns. */
  ByteBuf frame(int opcode, byte[] payload, int length) {
    ByteBuf frame = allocator.directBuffer(length + 14);
    frame.writeByte(0x80 | opcode);
    if (length < 126) {
      frame.writeByte(0x80 | length);
    } else if (length < 65536) {
      frame.writeByte(0x80 | 126).writeShort(length);
    } else {
      frame.writeByte(0x80 | 127).writeLong(length);
    }
    int mask = nextMask();
    frame.writeInt(mask);
    mask(frame, mask, payload, length);
    return frame;
  }

  private static void mask(ByteBuf frame, int mask, byte[] payload, int length) {
    int start = frame.writerIndex();
    frame.writeBytes(payload, 0, length);
    long wide = (long) mask << 32 | mask & 0xFFFFFFFFL;
    int i = 0;
    for (; i + 8 <= length; i += 8) {
      frame.setLong(start + i, frame.getLong(start + i) ^ wide);
    }
    for (; i < length; i++) {
      frame.setByte(start + i, frame.getByte(start + i) ^ mask >> (3 - (i & 3)) * 8);
    }
  }

  private int nextMask() {
    random ^= random << 13;
    random ^= random >>> 17;
    random ^= random << 5;
    return random;
  }
}
