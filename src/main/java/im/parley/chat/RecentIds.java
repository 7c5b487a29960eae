package im.parley.chat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The ids of the last hours, at most so many: the oldest give way. Any thread. */
final class RecentIds {
  /** Longer ids are kept as digests, so that what is kept has a bound in bytes too. */
  private static final int LONGEST = 64;

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

  /** The form in which an id is kept. */
  static String key(String id) {
    return id.length() <= LONGEST ? id : digest(id);
  }

  /** Notes an id; false when it was noted within its life. */
  boolean add(String id) {
    return note(key(id));
  }

  /** Takes back what {@link #add} noted. */
  synchronized void forget(String id) {
    seen.remove(key(id));
  }

  private synchronized boolean note(String id) {
    long now = clock.millis();
    Iterator<Long> oldest = seen.values().iterator();
    while (oldest.hasNext() && (oldest.next() + lifeMillis <= now || seen.size() >= capacity)) {
      oldest.remove();
    }
    return seen.putIfAbsent(id, now) == null;
  }

  private static String digest(String id) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      return "sha-256:"
          + HexFormat.of().formatHex(digest); // longer than any id that is kept as it is
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
