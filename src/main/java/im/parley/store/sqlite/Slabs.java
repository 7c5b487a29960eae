package im.parley.store.sqlite;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Keeps packed messages side by side in large arrays, which a collector leaves where they are, or
 * copies in one go; each as an array of its own would be copied for itself, several times. Filled
 * by the writer only, read by any thread.
 */
final class Slabs {
  // With its header a region of 1 MiB, which is what the launcher asks for.
  private static final int SLAB = (1 << 20) - 64;
  // What is longer has an array of its own, so that no more is wasted at a slab's end.
  private static final int LONG = SLAB / 16;

  private final List<byte[]> slabs = new CopyOnWriteArrayList<>();

  // Writer only
  private byte[] open;
  private int openNumber = -1;
  private int end;

  Slabs() {
    this.open = new byte[0];
  }

  /** Goes on in the slab in which {@code before}, which gets no more, ends. */
  Slabs(Slabs before) {
    this.open = before.open;
    this.end = before.end;
  }

  /** Keeps bytes; returns the number of their slab, and in the lower half where they begin. */
  long keep(byte[] bytes, int at, int length) {
    if (length > LONG) {
      slabs.add(Arrays.copyOfRange(bytes, at, at + length));
      return (long) (slabs.size() - 1) << Integer.SIZE;
    }
    if (length > open.length - end) {
      open = new byte[SLAB];
      openNumber = -1;
      end = 0;
    }
    if (openNumber < 0) {
      openNumber = slabs.size();
      slabs.add(open);
    }
    int start = end;
    System.arraycopy(bytes, at, open, start, length);
    end += length;
    return (long) openNumber << Integer.SIZE | start;
  }

  byte[] slab(int number) {
    return slabs.get(number);
  }
}
