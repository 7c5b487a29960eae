package im.parley.loadtest.scenario;

import java.time.Duration;

/**
 * The schedule of an open loop: when each of its events is due, whatever the server does meanwhile.
 * That is what keeps latencies free of coordinated omission: they count from here.
 */
final class Pacer {
  private final double perNano;
  private final double rampNanos;
  private final long start;
  private long next;

  /**
   * @param perSecond events a second after the ramp
   * @param ramp over which the rate rises from 0
   * @param start {@link System#nanoTime()} of the schedule's begin
   */
  Pacer(double perSecond, Duration ramp, long start) {
    this.perNano = perSecond / 1e9;
    this.rampNanos = ramp.toNanos();
    this.start = start;
  }

  /** Whether the next event is due; then {@link #take()} it. */
  boolean isDue(long now) {
    return dueAt(next) <= now;
  }

  /** When the event that is now taken was due. */
  long take() {
    return dueAt(next++);
  }

  private long dueAt(long n) {
    double inRamp = perNano * rampNanos / 2;
    double at = n < inRamp ? Math.sqrt(2 * n * rampNanos / perNano) : n / perNano + rampNanos / 2;
    return start + (long) at;
  }
}
