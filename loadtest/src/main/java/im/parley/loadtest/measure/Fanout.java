package im.parley.loadtest.measure;

import io.vertx.core.json.JsonArray;

/**
 * How far something that concerns many connections has come: a message to all, or their removal.
 * Times are {@link System#nanoTime()}, which the processes of one machine share.
 *
 * @param sentNanos when it was due
 * @param reached how many connections so far
 * @param firstNanos when the first of them was reached
 * @param lastNanos when the last of them was reached
 */
public record Fanout(long sentNanos, long reached, long firstNanos, long lastNanos) {
  private static final long SLICE_NANOS = 10_000_000;

  /**
   * What removals at {@code now} are counted under: they were due at no time of their own, so it is
   * the beginning of a slice of 10 ms.
   */
  public static long slice(long now) {
    return now - Math.floorMod(now, SLICE_NANOS);
  }

  Fanout merge(Fanout other) {
    return new Fanout(
        sentNanos,
        reached + other.reached,
        Math.min(firstNanos, other.firstNanos),
        Math.max(lastNanos, other.lastNanos));
  }

  /** Connections reached a second, from when it was due to the last of them. */
  public double perSecond() {
    return reached / Math.max(1e-9, seconds());
  }

  /** From when it was due to the last of them. */
  public double seconds() {
    return (lastNanos - sentNanos) / 1e9;
  }

  JsonArray toJson() {
    return new JsonArray().add(sentNanos).add(reached).add(firstNanos).add(lastNanos);
  }

  static Fanout fromJson(JsonArray json) {
    return new Fanout(json.getLong(0), json.getLong(1), json.getLong(2), json.getLong(3));
  }
}
