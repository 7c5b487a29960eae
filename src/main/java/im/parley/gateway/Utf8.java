package im.parley.gateway;

import io.netty.buffer.ByteBuf;

/**
 * Checks UTF-8 piece by piece (RFC 3629 §4). Between pieces only a state is kept: {@link #WHOLE}
 * after a whole character, {@link #INVALID} for ever after a byte that cannot be, else what the
 * next byte must be: the number of continuation bytes still to come, its lowest and its highest
 * value, in a byte each.
 */
final class Utf8 {
  static final int WHOLE = 0;
  static final int INVALID = -1;

  private static final long HIGH_BITS = 0x8080808080808080L;

  private Utf8() {}

  /**
   * The state after the bytes from {@code start} to before {@code end}, which follow those that led
   * to {@code state}.
   */
  static int check(int state, ByteBuf buf, int start, int end) {
    int i = start;
    while (i < end && state != INVALID) {
      if (state == WHOLE && i + 8 <= end && (buf.getLong(i) & HIGH_BITS) == 0) {
        i += 8; // eight ASCII characters
      } else {
        state = next(state, buf.getUnsignedByte(i++));
      }
    }
    return state;
  }

  private static int next(int state, int b) {
    if (state == WHOLE) {
      return first(b);
    }
    if (b < (state >> 8 & 0xFF) || b > (state & 0xFF)) {
      return INVALID;
    }
    int left = (state >> 16) - 1;
    return left == 0 ? WHOLE : expect(left, 0x80, 0xBF);
  }

  private static int first(int b) {
    if (b < 0x80) {
      return WHOLE;
    }
    if (b < 0xC2 || b > 0xF4) {
      return INVALID; // a continuation byte, an overlong form, or over U+10FFFF
    }
    if (b < 0xE0) {
      return expect(1, 0x80, 0xBF);
    }
    if (b < 0xF0) {
      // E0 would be overlong below A0; ED from A0 on is a surrogate
      return expect(2, b == 0xE0 ? 0xA0 : 0x80, b == 0xED ? 0x9F : 0xBF);
    }
    // F0 would be overlong below 90; F4 from 90 on is over U+10FFFF
    return expect(3, b == 0xF0 ? 0x90 : 0x80, b == 0xF4 ? 0x8F : 0xBF);
  }

  private static int expect(int continuations, int low, int high) {
    return continuations << 16 | low << 8 | high;
  }
}
