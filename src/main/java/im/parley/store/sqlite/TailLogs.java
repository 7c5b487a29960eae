package im.parley.store.sqlite;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The committed messages of the {@link Tail}, for the readers. Changed by the writer only, read by
 * any thread.
 *
 * <p>A reader looks here first and into the file after: a message leaves only when the file's
 * tables have it, so that between both nothing is missed. What is found twice is the same.
 */
final class TailLogs {
  private volatile Map<String, List<Entry>> logs = new ConcurrentHashMap<>();

  /**
   * The messages with {@code from <= offset < to}, ascending, no holes between them; empty when the
   * tail has none of them.
   */
  List<Entry> range(String conversation, long from, long to) {
    List<Entry> log = logs.get(conversation);
    if (log == null) {
      return List.of();
    }
    synchronized (log) {
      if (log.isEmpty()) {
        return List.of();
      }
      long first = log.get(0).offset;
      int start = (int) Math.max(0, Math.min(log.size(), from - first));
      int end = (int) Math.max(start, Math.min(log.size(), to - first));
      return new ArrayList<>(log.subList(start, end));
    }
  }

  /** The newest offset in the tail, 0 when it has none. */
  long head(String conversation) {
    List<Entry> log = logs.get(conversation);
    if (log == null) {
      return 0;
    }
    synchronized (log) {
      return log.isEmpty() ? 0 : log.get(log.size() - 1).offset;
    }
  }

  /** Writer only. */
  void add(Entry entry) {
    List<Entry> log = logs.computeIfAbsent(entry.name, name -> new ArrayList<>(4));
    synchronized (log) {
      log.add(entry);
    }
  }

  /** Removes messages up to and with {@code offset}. Writer only. */
  void remove(String conversation, long offset) {
    List<Entry> log = logs.get(conversation);
    synchronized (log) {
      log.subList(0, (int) (offset - log.get(0).offset + 1)).clear();
      if (log.isEmpty()) {
        logs.remove(conversation);
      }
    }
  }

  /** Forgets everything in favour of {@code entries}. Writer only. */
  void replace(List<Entry> entries) {
    Map<String, List<Entry>> fresh = new ConcurrentHashMap<>();
    for (Entry entry : entries) {
      fresh.computeIfAbsent(entry.name, name -> new ArrayList<>(4)).add(entry);
    }
    logs = fresh;
  }
}
