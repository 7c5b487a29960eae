package im.parley.store.redis;

import java.util.concurrent.TimeUnit;

/**
 * How long a server has not answered, without the time in which this process itself stood still:
 * answers may lie unread then. Store loop only.
 */
final class Silence {
  /** Looks further apart than this are a stall of our own. */
  static final long STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private long since;
  private long lookedAt;

  Silence(long now) {
    since = now;
    lookedAt = now;
  }

  /** Something was asked just now, or has been answered and more is awaited. */
  void begins(long now) {
    since = now;
  }

  /** Nanoseconds of silence. To be asked several times in each {@link #STALL_NANOS}. */
  long until(long now) {
    if (now - lookedAt > STALL_NANOS) {
      since += now - lookedAt;
    }
    lookedAt = now;
    return Math.max(0, now - since);
  }
}
