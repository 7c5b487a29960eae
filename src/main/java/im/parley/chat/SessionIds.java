package im.parley.chat;

import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers of sessions: they ascend with time, and are unique among nodes as long as a node makes
 * fewer than 4,096 a millisecond on average and no two have the same salt. 41 bits of milliseconds
 * since 2020, 12 of a counter, 10 of the node's salt. Any thread.
 */
final class SessionIds {
  private static final long START = 1_577_836_800_000L; // 2020-01-01
  private static final int COUNTER_BITS = 12;
  private static final int SALT_BITS = 10;

  private final Clock clock;
  private final long salt;
  private final AtomicLong last = new AtomicLong(); // milliseconds and counter, only ever rises

  /** {@code salt}'s low 10 bits tell this node's numbers from another's. */
  SessionIds(Clock clock, long salt) {
    this.clock = clock;
    this.salt = salt & (1 << SALT_BITS) - 1;
  }

  /** A new number, greater than all before it from this node and than all that it observed. */
  long next() {
    long floor = Math.max(0, clock.millis() - START) << COUNTER_BITS;
    return last.updateAndGet(before -> Math.max(before + 1, floor)) << SALT_BITS | salt;
  }

  /** Notes a number of another node, whose clock may be ahead. */
  void observe(long id) {
    last.accumulateAndGet(id >>> SALT_BITS, Math::max);
  }
}
