package im.parley.store.sqlite;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The messages in memory that one generation of the {@link Journal} has: the writer adds, {@link
 * TailLogs} shows what is committed to the readers, and when all are in their places, the whole is
 * forgotten.
 *
 * <p>Tens of thousands of messages stay for seconds, which is through many collections. As objects
 * each would be copied by some of them, and each reference to it would be looked for by the next;
 * so they are bytes in {@link Slabs} and numbers in arrays.
 */
final class Generation {
  private final Slabs slabs;
  private final Map<String, TailLog> byName = new ConcurrentHashMap<>();

  // Writer only
  private final List<TailLog> logs = new ArrayList<>();
  private final CidTable cids = new CidTable(logs);
  private int messages;
  private long bytes;

  Generation() {
    this.slabs = new Slabs();
  }

  /** The one after {@code before}, which gets no more. */
  Generation(Generation before) {
    this.slabs = new Slabs(before.slabs);
  }

  /** Adds a message to its log, which is returned. Writer only. */
  TailLog append(
      long conversation, String name, long offset, int key, byte[] bytes, int at, int length) {
    TailLog log = byName.get(name);
    if (log == null) {
      log = new TailLog(logs.size(), conversation, name, offset, slabs);
      logs.add(log);
      byName.put(name, log);
    }
    cids.add(log, log.append(key, bytes, at, length));
    messages++;
    this.bytes += length;
    return log;
  }

  /** The message with the sender and cid of {@code packed}, or null. Writer only. */
  Entry find(long conversation, int key, byte[] packed) {
    return cids.find(conversation, key, packed);
  }

  /** How many messages. Writer only. */
  int messages() {
    return messages;
  }

  /** How many bytes they are. Writer only. */
  long bytes() {
    return bytes;
  }

  /** The logs in the order of their places. Writer only. */
  List<TailLog> sorted() {
    List<TailLog> sorted = new ArrayList<>(logs);
    sorted.sort(Comparator.comparingLong(log -> log.conversation));
    return sorted;
  }

  /** The log, or null. Any thread. */
  TailLog log(String name) {
    return byName.get(name);
  }
}
