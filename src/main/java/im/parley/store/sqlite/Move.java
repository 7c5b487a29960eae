package im.parley.store.sqlite;

import java.util.ArrayList;
import java.util.List;

/** Goes through the messages of a {@link Generation}, log by log. Confined to the writer. */
final class Move {
  private final long number;
  private final List<TailLog> logs;
  private int log;
  private int index;
  private int done;

  /**
   * @param number the journal's for the generation
   */
  Move(long number, Generation generation) {
    this.number = number;
    this.logs = generation.sorted();
  }

  /** The journal's number for the generation. */
  long number() {
    return number;
  }

  /** How many messages {@link #next} has given. */
  int done() {
    return done;
  }

  boolean isDone() {
    return log == logs.size();
  }

  /** The next messages, {@code most} if there are so many. */
  List<Entry> next(int most) {
    List<Entry> slice = new ArrayList<>(most);
    while (slice.size() < most && !isDone()) {
      TailLog present = logs.get(log);
      slice.add(present.entry(index));
      if (++index == present.size()) {
        log++;
        index = 0;
      }
    }
    done += slice.size();
    return slice;
  }
}
