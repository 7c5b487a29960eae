package im.parley.loadtest.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether the generator, and not the server, was what limited a phase. Then its figures say nothing
 * about the server and the run is invalid.
 *
 * @param loopCpu a phase is invalid if an event loop's thread was busy for more than this share of
 *     it, 0 to 1: it could not have taken more
 * @param lagMicros a phase is invalid if the event loops ran more than a hundredth of what was due
 *     later than this: latencies contain the generator's own waiting
 * @param lateShare a phase is invalid if more than this share of an open loop's sends went out
 *     later than {@code lagMicros} after they were due
 */
public record Saturation(double loopCpu, long lagMicros, double lateShare) {
  public static final Saturation DEFAULT = new Saturation(0.9, 100_000, 0.01);

  /** The rules that a phase broke, in words; empty if the generator kept up. */
  public List<String> broken(PhaseTotals phase) {
    List<String> reasons = new ArrayList<>();
    double busiest = phase.busiestLoop();
    if (busiest > loopCpu) {
      reasons.add(
          String.format(
              Locale.ROOT,
              "%s: an event loop of the generator was %.0f %% busy, limit %.0f %%",
              phase.name(),
              busiest * 100,
              loopCpu * 100));
    }
    Histograms histograms = phase.total().histograms();
    long lag = histograms.histogram(Metric.LAG).getValueAtPercentile(99);
    if (lag > lagMicros) {
      reasons.add(
          String.format(
              Locale.ROOT,
              "%s: the generator's event loops ran %.0f ms late (p99), limit %.0f ms",
              phase.name(),
              lag / 1e3,
              lagMicros / 1e3));
    }
    long late = phase.total().get(Counter.LATE);
    long sent = phase.total().get(Counter.SENT);
    if (late > sent * lateShare) {
      reasons.add(
          String.format(
              Locale.ROOT,
              "%s: %d of %d sends missed their time, limit %.0f %%",
              phase.name(),
              late,
              sent,
              lateShare * 100));
    }
    return reasons;
  }
}
