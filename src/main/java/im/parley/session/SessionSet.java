package im.parley.session;

import java.util.function.Consumer;

/**
 * A set of sessions by identity, in one array: 8 to 16 bytes a session where java.util's sets take
 * 40, and O(1) to add and remove where a list is O(n). Open addressing with linear probing; removal
 * shifts back what follows, so there are no tombstones. Event loop only.
 */
final class SessionSet {
  private Session[] slots = new Session[4];
  private int size;
  private boolean iterating;

  int size() {
    return size;
  }

  boolean add(Session session) {
    assert !iterating;
    if (size * 4 >= slots.length * 3) {
      resize(slots.length * 2);
    }
    int i = home(session);
    while (slots[i] != null) {
      if (slots[i] == session) {
        return false;
      }
      i = i + 1 & slots.length - 1;
    }
    slots[i] = session;
    size++;
    return true;
  }

  boolean remove(Session session) {
    assert !iterating;
    int mask = slots.length - 1;
    int i = home(session);
    while (slots[i] != session) {
      if (slots[i] == null) {
        return false;
      }
      i = i + 1 & mask;
    }
    slots[i] = null;
    size--;
    for (int j = i + 1 & mask; slots[j] != null; j = j + 1 & mask) {
      // A session may move into the hole unless its home lies cyclically after the hole.
      if ((j - home(slots[j]) & mask) >= (j - i & mask)) {
        slots[i] = slots[j];
        slots[j] = null;
        i = j;
      }
    }
    if (slots.length > 16 && size * 8 < slots.length) {
      resize(slots.length / 4);
    }
    return true;
  }

  Session any() {
    for (Session session : slots) {
      if (session != null) {
        return session;
      }
    }
    throw new IllegalStateException("empty set");
  }

  void forEach(Consumer<Session> action) {
    boolean outer = iterating;
    iterating = true;
    try {
      for (Session session : slots) {
        if (session != null) {
          action.accept(session);
        }
      }
    } finally {
      iterating = outer;
    }
  }

  private int home(Session session) {
    long mixed = session.id() * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 40) & slots.length - 1;
  }

  private void resize(int capacity) {
    Session[] before = slots;
    slots = new Session[capacity];
    size = 0;
    for (Session session : before) {
      if (session != null) {
        add(session);
      }
    }
  }
}
