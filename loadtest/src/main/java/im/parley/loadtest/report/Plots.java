package im.parley.loadtest.report;

import im.parley.loadtest.measure.Counter;
import im.parley.loadtest.measure.Metric;
import im.parley.loadtest.probe.ServerSample;
import im.parley.loadtest.run.RunResult;
import im.parley.loadtest.run.Tick;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** The plots of a run; those without data are left out. */
final class Plots {
  private static final String TIME = "seconds since the run began";
  private static final double[] PERCENTILES = {
    0, 10, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.75, 99.9, 99.95, 99.99
  };

  private final RunResult result;

  private Plots(RunResult result) {
    this.result = result;
  }

  static List<Plot> of(RunResult result) {
    Plots plots = new Plots(result);
    List<Plot> all = new ArrayList<>();
    all.add(
        plots.time(
            "connections",
            "Connections",
            "",
            List.of(plots.line("ready", tick -> tick.sample().ready()))));
    all.add(plots.time("rate", "Rates", "per second", plots.rates()));
    all.add(plots.latency());
    all.add(plots.percentiles());
    all.add(
        plots.time(
            "server-memory",
            "Memory of the server",
            "MB",
            List.of(
                plots.server("resident", s -> s.rssBytes() / 1e6),
                plots.server("used heap", s -> s.heapBytes() / 1e6))));
    all.add(
        plots.time(
            "server-gc",
            "Collections of the server",
            "ms since its start",
            List.of(plots.server("time in pauses", s -> s.gcSeconds() * 1e3))));
    all.add(
        plots.time(
            "cpu",
            "Processor time",
            "cores",
            List.of(
                plots.line("generator", tick -> tick.sample().processCpu()),
                plots.server("server", ServerSample::cpuCores))));
    all.removeIf(Plot::isEmpty);
    return all;
  }

  private Plot time(String name, String title, String unit, List<Series> lines) {
    return new Plot(name, title, TIME, unit, lines, false);
  }

  private List<Series> rates() {
    List<Series> lines = new ArrayList<>();
    for (Counter counter :
        List.of(Counter.READY, Counter.ANSWERED, Counter.DELIVERED, Counter.HEARTBEATS)) {
      if (result.total().get(counter) > 0) {
        String name =
            counter == Counter.READY ? "connects" : counter.name().toLowerCase(Locale.ROOT);
        lines.add(line(name, tick -> tick.sample().get(counter) / tick.seconds()));
      }
    }
    return lines;
  }

  /** What the run is for: deliveries or answers, else what there is. */
  private Metric main() {
    for (Metric metric :
        List.of(Metric.RECOVERY, Metric.REMOVAL, Metric.DELIVERY, Metric.ACK, Metric.CONNECT)) {
      if (result.measured().total().histograms().count(metric) > 0) {
        return metric;
      }
    }
    return Metric.HEARTBEAT;
  }

  private Plot latency() {
    Metric metric = main();
    return time(
        "latency",
        "Latency of each second: " + metric.meaning(),
        "ms",
        List.of(
            latency(metric, "p50", Tick.Latency::p50),
            latency(metric, "p99", Tick.Latency::p99),
            latency(metric, "max", Tick.Latency::max)));
  }

  private Series latency(Metric metric, String name, ToDoubleFunction<Tick.Latency> figure) {
    return line(
        name,
        tick -> {
          Tick.Latency latency = tick.latencies().get(metric);
          return latency == null ? Double.NaN : figure.applyAsDouble(latency) / 1e3;
        });
  }

  private Plot percentiles() {
    Map<String, Histogram> byMetric = new LinkedHashMap<>();
    for (Metric metric : Metric.values()) {
      byMetric.put(metric.label(), result.measured().total().histograms().histogram(metric));
    }
    return percentiles("percentiles", "Percentiles, phase " + result.measured().name(), byMetric);
  }

  /** Empty histograms are left out. */
  static Plot percentiles(String name, String title, Map<String, Histogram> histograms) {
    List<Series> lines = new ArrayList<>();
    histograms.forEach(
        (label, values) -> {
          if (values.getTotalCount() > 0) {
            lines.add(percentiles(label, values));
          }
        });
    return new Plot(name, title, "percentile", "ms", lines, true);
  }

  private static Series percentiles(String label, Histogram values) {
    List<Double> xs = new ArrayList<>();
    List<Double> ys = new ArrayList<>();
    for (double percentile : PERCENTILES) {
      xs.add(percentile);
      ys.add(values.getValueAtPercentile(percentile) / 1e3);
    }
    return new Series(label, xs, ys);
  }

  private Series line(String name, ToDoubleFunction<Tick> figure) {
    List<Double> xs = new ArrayList<>();
    List<Double> ys = new ArrayList<>();
    for (Tick tick : result.ticks()) {
      xs.add(tick.at());
      ys.add(figure.applyAsDouble(tick));
    }
    return new Series(name, xs, ys);
  }

  private Series server(String name, ToDoubleFunction<ServerSample> figure) {
    return line(
        name, tick -> tick.server() == null ? Double.NaN : figure.applyAsDouble(tick.server()));
  }
}
