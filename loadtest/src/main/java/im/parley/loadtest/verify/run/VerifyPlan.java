package im.parley.loadtest.verify.run;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a run does.
 *
 * @param rate messages a second in all
 * @param duration of the time in which messages are written and faults happen
 * @param every from the beginning of a fault to the beginning of the next
 * @param lasting of each fault, before it is undone
 * @param settle longest time for each of: all logged in, all acknowledged, all synced, all read
 * @param epochsMayChange at any time, because something that is not of this run may restart the
 *     store
 * @param seed of everything that is random, but for the message ids
 * @param history the file to write
 */
public record VerifyPlan(
    int users,
    int rooms,
    double rate,
    Duration duration,
    Duration every,
    Duration lasting,
    Duration settle,
    boolean epochsMayChange,
    long seed,
    Path history) {
  public VerifyPlan {
    require(users >= 3, "--users " + users + ": expected at least 3");
    require(rooms >= 0, "--rooms " + rooms + ": expected at least 0");
    require(rate > 0, "--rate " + rate + ": expected more than 0");
    require(
        every.compareTo(lasting) > 0,
        "--every " + every.toMillis() + "ms: expected more than --lasting");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
