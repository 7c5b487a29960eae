package im.parley.loadtest.measure;

import java.util.ArrayList;
import java.util.List;

/** Everything of one phase of a run, over all workers. Owned by the coordinator's thread. */
public final class PhaseTotals {
  private final String name;
  private final boolean measured;
  private final Sample total = new Sample();
  // By event loop, in seconds
  private final List<Double> busy = new ArrayList<>();
  private final List<Double> observed = new ArrayList<>();
  private double seconds;
  private double coreSeconds;

  public PhaseTotals(String name, boolean measured) {
    this.name = name;
    this.measured = measured;
  }

  public String name() {
    return name;
  }

  /** Whether the generator must have kept up in it for the run to be valid. */
  public boolean measured() {
    return measured;
  }

  public Sample total() {
    return total;
  }

  public double seconds() {
    return seconds;
  }

  public void seconds(double length) {
    seconds = length;
  }

  /** Adds one tick's sample of all workers, which covers {@code tickSeconds}. */
  public void add(Sample sample, double tickSeconds) {
    total.addAfter(sample);
    coreSeconds += sample.processCpu() * tickSeconds;
    for (int i = 0; i < sample.loopCpu().size(); i++) {
      if (i == busy.size()) {
        busy.add(0.0);
        observed.add(0.0);
      }
      busy.set(i, busy.get(i) + sample.loopCpu().get(i) * tickSeconds);
      observed.set(i, observed.get(i) + tickSeconds);
    }
  }

  /** The busy share of the busiest event loop over the phase, 0 to 1. */
  public double busiestLoop() {
    double busiest = 0;
    for (int i = 0; i < busy.size(); i++) {
      busiest = Math.max(busiest, busy.get(i) / Math.max(1e-9, observed.get(i)));
    }
    return busiest;
  }

  /** Processor time that all workers used. */
  public double coreSeconds() {
    return coreSeconds;
  }

  public double perSecond(Counter counter) {
    return total.get(counter) / Math.max(1e-9, seconds);
  }
}
