package im.parley.session;

import java.util.function.Consumer;

/**
 * Finds the connections of one event loop that were not seen for too long, without a timer each. Event loop only.
 *
 * <p>The ring has one slot a second, each an intrusive list. A connection lies in the slot of the second at which it would expire as
 * far as was known when it was put there; being seen only notes the time. When a slot comes round, those seen since move on to their
 * new slot and the others are handed out: O(1) to add, see and remove, and each connection is looked at once per expiry.
 */
public final class ExpiryRing<T extends ExpiryRing.Entry<T>> {
  /** What lies in the ring: it lends its fields, so that an entry costs no object. */
  public interface Entry<T> {
    /** The second at which it was last seen, on the ring's clock. */
    int lastSeen();

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
  private final int expirySeconds;
  private int swept;

  /**
   * @param expirySeconds how long an entry may go unseen
   * @param now the present second
   */
  public ExpiryRing(int expirySeconds, int now) {
    this.expirySeconds = expirySeconds;
    this.heads = new Object[expirySeconds + 2];
    this.swept = now;
  }

  /** Puts an entry in, by its {@link Entry#lastSeen()}. */
  public void add(T entry) {
    int due = Math.max(entry.lastSeen() + expirySeconds, swept + 1);
    due = Math.min(due, swept + heads.length - 1); // a late sweep: looked at too early, it moves on then
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

  /** Takes out all that have not been seen for the expiry at second {@code now} and hands each to {@code expired}. */
  public void sweep(int now, Consumer<T> expired) {
    while (swept < now) {
      swept++;
      int slot = swept % heads.length;
      T entry = head(slot);
      heads[slot] = null;
      while (entry != null) {
        T following = entry.next();
        entry.slot(-1);
        entry.next(null);
        entry.previous(null);
        if (entry.lastSeen() + expirySeconds <= swept) {
          expired.accept(entry);
        } else {
          add(entry);
        }
        entry = following;
      }
    }
  }

  @SuppressWarnings("unchecked")
  private T head(int slot) {
    return (T) heads[slot];
  }
}
