package im.parley.session;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A set of sessions by identity: 9 to 17 bytes a session where java.util's sets take 40, and O(1)
 * to add and remove where a list is O(n). Event loop only.
 *
 * <p>It goes through them in the order in which they came, for that is mostly the order of their
 * connections in memory, the kernel's too: a broadcast that jumps about waits for each of them. Who
 * goes leaves his place to the last. A table with open addressing and linear probing finds the
 * places; removal shifts back what follows, so there are no tombstones.
 */
final class SessionSet {
  private static final int FREE = 0;

  private Session[] sessions = new Session[4];
  private int[] table = new int[8]; // a session's place plus one
  private int size;
  private boolean iterating;

  int size() {
    return size;
  }

  boolean add(Session session) {
    assert !iterating;
    int i = find(session);
    if (table[i] != FREE) {
      return false;
    }
    if (size == sessions.length) {
      sessions = Arrays.copyOf(sessions, size + size / 2);
    }
    sessions[size++] = session;
    table[i] = size;
    if (size * 4 > table.length * 3) {
      rebuild(table.length * 2);
    }
    return true;
  }

  boolean remove(Session session) {
    assert !iterating;
    int i = find(session);
    if (table[i] == FREE) {
      return false;
    }
    int place = table[i] - 1;
    free(i);
    size--;
    if (place < size) {
      Session last = sessions[size];
      table[find(last)] = place + 1;
      sessions[place] = last;
    }
    sessions[size] = null;
    if (table.length > 16 && size * 8 < table.length) {
      sessions = Arrays.copyOf(sessions, Math.max(4, size + size / 2));
      rebuild(table.length / 4);
    }
    return true;
  }

  Session any() {
    if (size == 0) {
      throw new IllegalStateException("empty set");
    }
    return sessions[0];
  }

  void forEach(Consumer<Session> action) {
    boolean outer = iterating;
    iterating = true;
    try {
      for (int i = 0; i < size; i++) {
        action.accept(sessions[i]);
      }
    } finally {
      iterating = outer;
    }
  }

  /** Where the table has a session's place, or would have it. */
  private int find(Session session) {
    int i = home(session);
    while (table[i] != FREE && sessions[table[i] - 1] != session) {
      i = i + 1 & table.length - 1;
    }
    return i;
  }

  private void free(int entry) {
    int mask = table.length - 1;
    int hole = entry;
    table[hole] = FREE;
    for (int j = hole + 1 & mask; table[j] != FREE; j = j + 1 & mask) {
      // An entry may move into the hole unless its home lies cyclically after the hole.
      if ((j - home(sessions[table[j] - 1]) & mask) >= (j - hole & mask)) {
        table[hole] = table[j];
        table[j] = FREE;
        hole = j;
      }
    }
  }

  private int home(Session session) {
    long mixed = session.id() * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 40) & table.length - 1;
  }

  private void rebuild(int capacity) {
    table = new int[capacity];
    for (int place = 0; place < size; place++) {
      int i = home(sessions[place]);
      while (table[i] != FREE) {
        i = i + 1 & capacity - 1;
      }
      table[i] = place + 1;
    }
  }
}
