package im.parley.chat;

import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids that sort by time as text: 9 characters of milliseconds, then 4 of the node's salt, then 4 of
 * a counter, in Crockford's base 32. Unique on a node as long as it makes fewer than a million a
 * millisecond; across nodes by the salt. Any thread.
 */
public final class MessageIds {
  private static final char[] DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
  private static final int COUNTER_BITS = 20;

  private final Clock clock;
  private final long salt;
  private final AtomicLong last = new AtomicLong(); // milliseconds << 20 | counter, only ever rises

  /** {@code salt}'s low 20 bits tell this node's ids from another's. */
  public MessageIds(Clock clock, long salt) {
    this.clock = clock;
    this.salt = salt & (1 << COUNTER_BITS) - 1;
  }

  /** A new id, greater than all before it from this node, even when the clock steps back. */
  public String next() {
    long floor = clock.millis() << COUNTER_BITS;
    long stamp = last.updateAndGet(before -> Math.max(before + 1, floor));
    char[] text = new char[17];
    digits(text, 0, 9, stamp >>> COUNTER_BITS);
    digits(text, 9, 4, salt);
    digits(text, 13, 4, stamp & (1 << COUNTER_BITS) - 1);
    return new String(text);
  }

  private static void digits(char[] text, int from, int count, long value) {
    for (int i = from + count - 1; i >= from; i--) {
      text[i] = DIGITS[(int) (value & 31)];
      value >>>= 5;
    }
  }
}
