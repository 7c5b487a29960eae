package im.parley.store.sqlite;

import java.util.ArrayList;
import java.util.List;

/**
 * The committed messages of the {@link Tail}, for the readers. Changed by the writer only, read by
 * any thread.
 *
 * <p>A reader looks here first and into the file after: a message leaves only when the file's
 * tables have it, so that between both nothing is missed. What is found twice is the same; but the
 * file alone knows what has been trimmed since.
 */
final class TailLogs {
  private volatile Shown shown = new Shown(null, new Generation());

  private record Shown(Generation older, Generation newer) {
    private TailLog older(String conversation) {
      return older == null ? null : older.log(conversation);
    }
  }

  /**
   * The messages with {@code from <= offset < to}, ascending, no holes between them; empty when the
   * tail has none of them.
   */
  List<Entry> range(String conversation, long from, long to) {
    Shown now = shown;
    List<Entry> newer = collect(now.newer.log(conversation), from, to);
    // After the newer, for it is committed before: so none is missing between them.
    List<Entry> found = collect(now.older(conversation), from, to);
    if (found.isEmpty()) {
      return newer;
    }
    found.addAll(newer);
    return found;
  }

  private static List<Entry> collect(TailLog log, long from, long to) {
    if (log == null) {
      return List.of();
    }
    List<Entry> found = new ArrayList<>();
    log.collect(from, to, found);
    return found;
  }

  /** The newest offset in the tail, 0 when it has none. */
  long head(String conversation) {
    Shown now = shown;
    TailLog newer = now.newer.log(conversation);
    long head = newer == null ? 0 : newer.head();
    if (head == 0) {
      TailLog older = now.older(conversation);
      head = older == null ? 0 : older.head();
    }
    return head;
  }

  /**
   * From now on these are the tail. Writer only.
   *
   * @param older may be null
   */
  void show(Generation older, Generation newer) {
    if (shown.older != older || shown.newer != newer) {
      shown = new Shown(older, newer);
    }
  }
}
