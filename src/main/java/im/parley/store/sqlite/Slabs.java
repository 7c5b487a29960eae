package im.parley.store.sqlite;

/**
 * Keeps packed messages side by side in large arrays, which a collector leaves where they are, or
 * copies in one go; each as an array of its own would be copied for itself, several times. A slab
 * is garbage when its last message has left the {@link Tail}. Confined to the writer.
 */
final class Slabs {
  // With its header a region of 1 MiB, which is what the launcher asks for.
  private static final int SLAB = (1 << 20) - 64;
  // What is longer has an array of its own, so that no more is wasted at a slab's end.
  private static final int LONG = SLAB / 16;

  private byte[] slab = new byte[0];
  private int end;

  Entry keep(long conversation, String name, long offset, Append append) {
    byte[] packed = append.packed;
    if (packed.length > LONG) {
      return new Entry(conversation, name, offset, append.key, packed, 0, packed.length);
    }
    if (packed.length > slab.length - end) {
      slab = new byte[SLAB];
      end = 0;
    }
    int at = end;
    System.arraycopy(packed, 0, slab, at, packed.length);
    end += packed.length;
    return new Entry(conversation, name, offset, append.key, slab, at, packed.length);
  }
}
