package im.parley.chat;

import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The ids of the last hours, at most so many: the oldest give way. Any thread. */
final class RecentIds {
  private final Map<String, Long> seen =
      new LinkedHashMap<>(); // guarded by this; insertion order is age
  private final Clock clock;
  private final long lifeMillis;
  private final int capacity;

  RecentIds(Clock clock, Duration life, int capacity) {
    this.clock = clock;
    this.lifeMillis = life.toMillis();
    this.capacity = capacity;
  }

  /** Notes an id; false when it was noted within its life. */
  synchronized boolean add(String id) {
    long now = clock.millis();
    Iterator<Long> oldest = seen.values().iterator();
    while (oldest.hasNext() && (oldest.next() + lifeMillis <= now || seen.size() >= capacity)) {
      oldest.remove();
    }
    return seen.putIfAbsent(id, now) == null;
  }
}
