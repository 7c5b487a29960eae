package im.parley.config;

import java.time.Duration;

/**
 * How a node that stops sends its clients away.
 *
 * @param notice how long readiness fails while clients are still taken in, so that load balancers
 *     look elsewhere before anyone is refused
 * @param grace over how long the closes are spread; too small cuts clients off at once, too large
 *     delays a roll-out
 * @param rate the most closes a second; a node with more than {@code rate} times {@code grace}
 *     connections takes longer than the grace
 */
public record DrainConfig(Duration notice, Duration grace, int rate) {
  private static final long MILLIS = 1000;

  public DrainConfig {
    Rules.between("drain.notice", notice, Duration.ZERO, Duration.ofHours(1));
    Rules.between("drain.grace", grace, Duration.ZERO, Duration.ofHours(1));
    Rules.between("drain.rate", rate, 1, 10_000_000);
  }

  static DrainConfig from(Reading reading) {
    return new DrainConfig(
        reading.duration("drain.notice"),
        reading.duration("drain.grace"),
        reading.number("drain.rate"));
  }

  /** Over how long the closes of so many connections are spread. */
  public Duration spread(int connections) {
    Duration atRate = Duration.ofMillis(connections * MILLIS / rate);
    return atRate.compareTo(grace) > 0 ? atRate : grace;
  }
}
