package im.parley.loadtest.cli;

import im.parley.loadtest.measure.Counter;
import im.parley.loadtest.measure.Metric;
import im.parley.loadtest.measure.PhaseTotals;
import im.parley.loadtest.measure.Sample;
import im.parley.loadtest.report.PingTable;
import im.parley.loadtest.run.Tick;
import im.parley.loadtest.run.Watcher;
import im.parley.loadtest.scenario.Kind;
import im.parley.loadtest.scenario.Options;
import im.parley.loadtest.scenario.Phase;
import java.util.Locale;

/** A line a second on standard error, over itself on a terminal; for pings, the table instead. */
final class Progress implements Watcher {
  private static final int SECONDS_BETWEEN_LINES = 5;

  private final Options options;
  private final boolean quietly;
  private final boolean terminal;
  private final PingTable table;
  private double printedAt = -SECONDS_BETWEEN_LINES;

  Progress(Kind kind, Options options, boolean quietly) {
    this.options = options;
    this.quietly = quietly;
    this.terminal = System.console() != null;
    this.table = kind == Kind.PING ? new PingTable(System.out, options) : null;
  }

  @Override
  public void onTick(Phase phase, double since, Tick tick, PhaseTotals soFar) {
    if (table != null && phase.measured()) {
      table.row(since, tick, soFar);
      return;
    }
    if (quietly) {
      return;
    }
    if (terminal) {
      System.err.print("\r\u001b[2K" + line(phase, since, tick, soFar));
    } else if (tick.at() - printedAt >= SECONDS_BETWEEN_LINES) {
      printedAt = tick.at();
      System.err.println(line(phase, since, tick, soFar));
    }
  }

  private String line(Phase phase, double since, Tick tick, PhaseTotals soFar) {
    Sample sample = tick.sample();
    Tick.Latency ack = tick.latencies().get(Metric.ACK);
    Tick.Latency delivery = tick.latencies().get(Metric.DELIVERY);
    Tick.Latency shown = ack == null ? delivery : ack;
    return String.format(
        Locale.ROOT,
        "%s %.0f s%s | ready %d | %.0f connects/s | %.0f answers/s | %.0f deliveries/s%s | failed %d | generator %.1f cores",
        phase.name(),
        since,
        left(phase, since, sample, soFar),
        sample.ready(),
        sample.get(Counter.READY) / tick.seconds(),
        sample.get(Counter.ANSWERED) / tick.seconds(),
        sample.get(Counter.DELIVERED) / tick.seconds(),
        shown == null ? "" : String.format(Locale.ROOT, " | p99 %.1f ms", shown.p99() / 1e3),
        soFar.total().get(Counter.FAILED) + soFar.total().get(Counter.REFUSED),
        sample.processCpu());
  }

  private String left(Phase phase, double since, Sample sample, PhaseTotals soFar) {
    double seconds;
    if (phase.isTimed()) {
      seconds = phase.length().toMillis() / 1e3 - since;
    } else {
      long ready = soFar.total().get(Counter.READY);
      seconds = ready == 0 ? 0 : (options.connections - sample.ready()) * since / ready;
    }
    return seconds < 0.5 ? "" : String.format(Locale.ROOT, ", %.0f s left", seconds);
  }

  @Override
  public void onPhaseEnd(PhaseTotals phase) {
    if (table != null && phase.measured()) {
      table.end(phase);
    }
  }

  void end() {
    if (terminal && !quietly) {
      System.err.println();
    }
  }
}
