package im.parley.loadtest.report;

import im.parley.loadtest.measure.Metric;
import im.parley.loadtest.measure.PhaseTotals;
import im.parley.loadtest.measure.Sample;
import im.parley.loadtest.run.RunResult;
import java.io.PrintStream;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** The run as a table for people. */
public final class ConsoleReport {
  private ConsoleReport() {}

  public static void print(RunResult result, PrintStream out) {
    out.println();
    out.printf(
        Locale.ROOT,
        "%s, %d connections to %s%s%n",
        result.kind().label(),
        result.options().connections,
        String.join(",", result.options().targets),
        result.interrupted() ? ", interrupted" : "");
    Facts.of(result)
        .forEach((name, value) -> out.printf("  %-44s %14s%n", name, Facts.text(value)));
    latencies(result, out);
    codes(result.total(), out);
    String refusal = result.total().refusal();
    if (!refusal.isEmpty()) {
      out.println("  a connect failed: " + refusal);
    }
    result.invalid().forEach(reason -> out.println("  " + reason));
    if (!result.invalid().isEmpty()) {
      out.println("invalid: generator saturated");
    }
  }

  private static void latencies(RunResult result, PrintStream out) {
    out.printf(
        "  %-22s %10s %9s %9s %9s %9s %9s%n", "ms", "count", "p50", "p90", "p99", "p99.9", "max");
    for (PhaseTotals phase : result.phases()) {
      for (Metric metric : Metric.values()) {
        Histogram values = phase.total().histograms().histogram(metric);
        boolean shown = phase.measured() || metric == Metric.CONNECT;
        if (shown && values.getTotalCount() > 0) {
          out.printf(
              Locale.ROOT,
              "  %-22s %10d %9.2f %9.2f %9.2f %9.2f %9.2f%n",
              phase.name() + ": " + metric.label(),
              values.getTotalCount(),
              values.getValueAtPercentile(50) / 1e3,
              values.getValueAtPercentile(90) / 1e3,
              values.getValueAtPercentile(99) / 1e3,
              values.getValueAtPercentile(99.9) / 1e3,
              values.getMaxValue() / 1e3);
        }
      }
      if (phase.measured()) {
        out.printf(
            Locale.ROOT,
            "  %-22s %9.1fs, generator: %.1f core seconds, busiest loop %.0f %%%n",
            phase.name() + ": lasted",
            phase.seconds(),
            phase.coreSeconds(),
            phase.busiestLoop() * 100);
      }
    }
  }

  private static void codes(Sample total, PrintStream out) {
    total.codes().forEach((code, n) -> out.printf("  code %-39d %14d%n", code, n));
  }
}
