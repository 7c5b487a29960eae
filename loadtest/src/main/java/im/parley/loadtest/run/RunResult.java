package im.parley.loadtest.run;

import im.parley.loadtest.measure.Counter;
import im.parley.loadtest.measure.PhaseTotals;
import im.parley.loadtest.measure.Sample;
import im.parley.loadtest.probe.Settled;
import im.parley.loadtest.scenario.Kind;
import im.parley.loadtest.scenario.Options;
import java.time.Instant;
import java.util.List;

/**
 * Everything that a run found.
 *
 * @param settled the server's memory before the first connection and after the last, both after a
 *     forced collection; empty without {@code --server-gc}
 * @param invalid why the figures say nothing about the server; empty if they do
 * @param interrupted whether it was ended early
 */
public record RunResult(
    Kind kind,
    Options options,
    Instant began,
    List<Tick> ticks,
    List<PhaseTotals> phases,
    List<Settled> settled,
    List<String> invalid,
    boolean interrupted) {

  public PhaseTotals phase(String name) {
    return phases.stream().filter(phase -> phase.name().equals(name)).findFirst().orElseThrow();
  }

  /** The phase that the run is for: the last measured one. */
  public PhaseTotals measured() {
    return phases.stream()
        .filter(PhaseTotals::measured)
        .reduce((first, second) -> second)
        .orElseGet(() -> phases.get(phases.size() - 1));
  }

  /** Processor time of the server in the measured phase; 0 if nobody looked at it. */
  public double serverSeconds() {
    return ticks.stream()
        .filter(tick -> tick.phase().equals(measured().name()) && tick.server() != null)
        .filter(tick -> !Double.isNaN(tick.server().cpuCores()))
        .mapToDouble(tick -> tick.server().cpuCores() * tick.seconds())
        .sum();
  }

  /** All phases together. */
  public Sample total() {
    Sample total = new Sample();
    phases.forEach(phase -> total.addAfter(phase.total()));
    return total;
  }

  /** Deliveries that had to come and did not. More may have come than were acknowledged. */
  public long missing() {
    Sample total = total();
    return Math.max(0, total.get(Counter.EXPECTED) - total.get(Counter.DELIVERED));
  }

  /** Whether nothing failed, was refused or got lost. */
  public boolean isClean() {
    Sample total = total();
    return missing() == 0
        && total.get(Counter.FAILED) == 0
        && total.get(Counter.LOST) == 0
        && total.get(Counter.REFUSED) == 0
        && total.get(Counter.UNANSWERED) == 0;
  }
}
