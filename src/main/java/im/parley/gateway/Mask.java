package im.parley.gateway;

import io.netty.buffer.ByteBuf;

/** Takes a client's masking off, RFC 6455 §5.3. */
final class Mask {
  private Mask() {}

  /** Unmasks the bytes from {@code start} to before {@code end} in place, eight at a time. */
  static void remove(ByteBuf buf, int start, int end, int mask) {
    if (mask == 0) {
      return;
    }
    long wide = (mask & 0xFFFFFFFFL) << 32 | mask & 0xFFFFFFFFL;
    int i = start;
    for (; i + 8 <= end; i += 8) {
      buf.setLong(i, buf.getLong(i) ^ wide);
    }
    for (int shift = 24; i < end; i++, shift -= 8) {
      buf.setByte(i, buf.getByte(i) ^ mask >> (shift & 31));
    }
  }
}
