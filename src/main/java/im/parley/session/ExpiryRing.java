package im.parley.session;

import java.util.function.Consumer;

/**
 * Finds the connections of one event loop whose time is over, without a timer each. Event loop
 * only.
 *
 * <p>The ring has one slot a second, each an intrusive list. A connection lies in the slot of the
 * second at which it would end as far as was known when it was put there; a heartbeat only notes
 * the time. When a slot comes round, those that live on move to their new slot and the others are
 * handed out: O(1) to add, see and remove, and each connection is looked at once per expiry. An end
 * that comes nearer (a token with less time left) is noticed when the entry is put in again.
 */
public final class ExpiryRing<T extends ExpiryRing.Entry<T>> {
  /** What lies in the ring: it lends its fields, so that an entry costs no object. */
  public interface Entry<T> {
    /** The second, on the ring's clock, at which it ends unless something happens before. */
    int due();

    /** The neighbours in its slot; the ring's own. */
    T previous();

    T next();

    void previous(T entry);

    void next(T entry);

    /** The index of its slot, -1 when it lies in none; the ring's own. */
    int slot();

    void slot(int slot);
  }

  private final Object[] heads;
  private int swept;

  /**
   * @param horizonSeconds how far ahead entries are mostly due; those beyond are looked at in
   *     between
   * @param now the present second
   */
  public ExpiryRing(int horizonSeconds, int now) {
    this.heads = new Object[horizonSeconds + 2];
    this.swept = now;
  }

  /** Puts an entry in, by its {@link Entry#due()}. */
  public void add(T entry) {
    int due = Math.min(Math.max(entry.due(), swept + 1), swept + heads.length - 1);
    int slot = due % heads.length;
    T head = head(slot);
    entry.slot(slot);
    entry.next(head);
    entry.previous(null);
    if (head != null) {
      head.previous(entry);
    }
    heads[slot] = entry;
  }

  /** Takes an entry out; nothing happens when it is not in. */
  public void remove(T entry) {
    int slot = entry.slot();
    if (slot < 0) {
      return;
    }
    if (entry.previous() != null) {
      entry.previous().next(entry.next());
    } else {
      heads[slot] = entry.next();
    }
    if (entry.next() != null) {
      entry.next().previous(entry.previous());
    }
    entry.slot(-1);
    entry.next(null);
    entry.previous(null);
  }

  /**
   * Takes out those that are due by second {@code now} and hands each to {@code expired}.
   *
   * @param most entries to look at
   * @return whether there are more: call it again
   */
  public boolean sweep(int now, int most, Consumer<T> expired) {
    int left = most;
    while (true) {
      int slot = swept % heads.length; // add() puts nothing there
      for (T entry = head(slot); entry != null; entry = head(slot)) {
        if (left-- == 0) {
          return true;
        }
        remove(entry);
        if (entry.due() <= swept) {
          expired.accept(entry);
        } else {
          add(entry);
        }
      }
      if (swept >= now) {
        return false;
      }
      swept++;
    }
  }

  /** Calls {@code action} for each entry; it must not add or remove any. */
  public void forEach(Consumer<T> action) {
    for (int slot = 0; slot < heads.length; slot++) {
      for (T entry = head(slot); entry != null; entry = entry.next()) {
        action.accept(entry);
      }
    }
  }

  @SuppressWarnings("unchecked")
  private T head(int slot) {
    return (T) heads[slot];
  }
}
