package im.parley.loadtest.report;

import im.parley.loadtest.measure.Metric;
import im.parley.loadtest.measure.PhaseTotals;
import im.parley.loadtest.run.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** The run as one page that needs nothing else. */
final class HtmlReport {
  private HtmlReport() {}

  static String of(RunResult result) {
    Html page =
        new Html(result.kind().label() + ": " + result.options().connections + " connections");
    page.paragraph(result.began() + ", " + Machine.describe());
    page.code(String.join(" ", result.options().targets));
    if (!result.invalid().isEmpty()) {
      page.warning("invalid: generator saturated. " + String.join("; ", result.invalid()));
    }
    if (result.interrupted()) {
      page.warning("interrupted: this is what there was until then");
    }
    page.heading("Figures").facts(Facts.of(result));
    page.heading("Latencies, ms")
        .table(List.of("", "count", "p50", "p90", "p99", "p99.9", "max"), latencies(result));
    page.heading("Over time");
    Plots.of(result).forEach(page::picture);
    return page.end();
  }

  private static List<List<String>> latencies(RunResult result) {
    List<List<String>> rows = new ArrayList<>();
    for (PhaseTotals phase : result.phases()) {
      for (Metric metric : Metric.values()) {
        Histogram values = phase.total().histograms().histogram(metric);
        if (values.getTotalCount() > 0 && (phase.measured() || metric == Metric.CONNECT)) {
          List<String> row = new ArrayList<>();
          row.add(phase.name() + ": " + metric.label());
          row.add(String.valueOf(values.getTotalCount()));
          for (double percentile : new double[] {50, 90, 99, 99.9, 100}) {
            row.add(
                String.format(Locale.ROOT, "%.2f", values.getValueAtPercentile(percentile) / 1e3));
          }
          rows.add(row);
        }
      }
    }
    return rows;
  }
}
