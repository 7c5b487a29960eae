package im.parley.store.sqlite;

/**
 * Makes 32 bits of a sender and a cid, by which the file finds a repeated send: a fifth of the
 * bytes in the index. Others may share them, so what is found is compared; the store's secret keeps
 * a client from making many that do. SipHash-1-3. Any thread.
 */
final class CidKeys {
  private final long secret0;
  private final long secret1;

  CidKeys(long secret0, long secret1) {
    this.secret0 = secret0;
    this.secret1 = secret1;
  }

  /** The key of a packed message. */
  int of(byte[] packed) {
    return (int) hash(packed, Packed.cidEnd(packed));
  }

  /** The first {@code length} bytes, hashed. */
  long hash(byte[] bytes, int length) {
    long v0 = secret0 ^ 0x736f6d6570736575L;
    long v1 = secret1 ^ 0x646f72616e646f6dL;
    long v2 = secret0 ^ 0x6c7967656e657261L;
    long v3 = secret1 ^ 0x7465646279746573L;
    long word = 0;
    // The words of eight bytes, of which the last holds what is left and the length; then a word
    // that stands for the three rounds at the end.
    int words = length / 8 + 1;
    for (int i = 0; i < words + 3; i++) {
      if (i < words) {
        word = word(bytes, i * 8, length);
        v3 ^= word;
      } else if (i == words) {
        v2 ^= 0xff;
      }
      v0 += v1;
      v2 += v3;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 = Long.rotateLeft(v2, 32);
      if (i < words) {
        v0 ^= word;
      }
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }

  private static long word(byte[] bytes, int from, int length) {
    int to = Math.min(length, from + 8);
    long word = to - from < 8 ? (long) length << 56 : 0;
    for (int i = from; i < to; i++) {
      word |= (bytes[i] & 0xffL) << 8 * (i - from);
    }
    return word;
  }
}
