package im.parley.loadtest.verify.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A device's messages without an acknowledgement, in the order in which they were written. */
final class Outbox {
  private static final int CAPACITY = 50;

  private final Deque<Letter> waiting = new ArrayDeque<>();
  private final Set<Letter> underway = new LinkedHashSet<>();

  /** False if it is full. */
  boolean offer(Letter letter) {
    return size() < CAPACITY && waiting.add(letter);
  }

  /** The next to be sent, of at most {@code window} under way; null if there is none now. */
  Letter next(int window) {
    Letter letter = underway.size() < window ? waiting.poll() : null;
    if (letter != null) {
      underway.add(letter);
    }
    return letter;
  }

  void done(Letter letter) {
    underway.remove(letter);
  }

  /** The connection ended: all that is under way waits again, before the rest. */
  void takeBack() {
    List<Letter> back = new ArrayList<>(underway);
    underway.clear();
    for (int i = back.size() - 1; i >= 0; i--) {
      waiting.addFirst(back.get(i));
    }
  }

  int size() {
    return waiting.size() + underway.size();
  }
}
