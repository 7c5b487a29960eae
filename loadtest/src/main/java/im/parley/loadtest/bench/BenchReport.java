package im.parley.loadtest.bench;

import im.parley.loadtest.measure.Metric;
import im.parley.loadtest.report.Comparison;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table of ratios: floor beside Parley. */
final class BenchReport {
  private static final List<String> HEAD = List.of("", "floor", "Parley", "ratio", "aim");

  private BenchReport() {}

  static Report write(BenchPlan plan, Trials trials) throws IOException {
    String how =
        plan.described()
            + " The floor is a raw Netty server with the same envelope that stores and checks nothing.";
    Report report = new Report(plan, "bench", how, trials.subjects(), trials.invalid());
    report.table(HEAD, rows(trials));
    Comparison page = report.page();
    page.percentiles(
        "direct", "Direct, 64 outstanding: ack", trials.latencies("direct", Metric.ACK));
    page.percentiles(
        "direct-half",
        "Direct at half that rate: ack",
        trials.latencies("direct-half", Metric.ACK));
    page.percentiles(
        "broadcast",
        "Broadcast: send to each receiver",
        trials.latencies("broadcast", Metric.DELIVERY));
    return report.write(trials.json());
  }

  private static List<List<String>> rows(Trials trials) {
    List<List<String>> rows = new ArrayList<>();
    for (Figure figure : Figure.values()) {
      double ratio = trials.median(Subject.PARLEY, figure) / trials.median(Subject.FLOOR, figure);
      rows.add(
          List.of(
              figure.label() + ", " + figure.unit(),
              trials.cell(Subject.FLOOR, figure),
              trials.cell(Subject.PARLEY, figure),
              figure.compares() && Double.isFinite(ratio)
                  ? String.format(Locale.ROOT, "%.2f", ratio)
                  : "",
              figure.aim()));
    }
    return rows;
  }
}
