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
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** The plots of a run; those without data are left out. */
final class Plots {
  private static final String TIME = "seconds since the run began";
  private static final double[] PERCENTILES = {
    10, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.75, 99.9, 99.95, 99.99
  };

  private static final double FAR_APART = 50;

  private final RunResult result;

  private Plots(RunResult result) {
    this.result = result;
  }

  static List<Plot> of(RunResult result) {
    Plots plots = new Plots(result);
    List<Plot> all = new ArrayList<>();
    all.add(
        time(
            "connections",
            "Connections",
            "connections",
            List.of(plots.line("ready", tick -> tick.sample().ready()))));
    all.add(time("rate", "Rates", "per second", plots.rates()));
    all.add(plots.latency());
    all.add(plots.percentiles());
    all.add(
        time(
            "server-memory",
            "Memory of the server",
            "MB",
            List.of(
                plots.server("resident", s -> s.rssBytes() / 1e6),
                plots.server("used heap", s -> s.heapBytes() / 1e6))));
    all.add(
        time(
            "server-gc",
            "Collections of the server",
            "ms since its start",
            List.of(plots.server("time in pauses", s -> s.gcSeconds() * 1e3))));
    all.add(
        time(
            "cpu",
            "Processor time",
            "cores",
            List.of(
                plots.line("generator", tick -> tick.sample().processCpu()),
                plots.server("server", ServerSample::cpuCores))));
    all.removeIf(Plot::isEmpty);
    return all;
  }

  private static Plot time(String name, String title, String unit, List<Series> lines) {
    Axis time = Axis.until(TIME, all(lines, Series::xs).stream().reduce(0.0, Math::max));
    return new Plot(name, title, time, Axis.of(unit, Scale.LINEAR, all(lines, Series::ys)), lines);
  }

  private static List<Double> all(List<Series> lines, Function<Series, List<Double>> side) {
    return lines.stream().flatMap(line -> side.apply(line).stream()).toList();
  }

  private static Axis latencies(List<Series> lines) {
    return fitting("ms", all(lines, Series::ys));
  }

  /** Where the values lie far apart, each power of ten takes the same room. */
  private static Axis fitting(String label, List<Double> values) {
    double most = values.stream().filter(v -> !v.isNaN()).reduce(0.0, Math::max);
    double least = values.stream().filter(v -> v > 0).reduce(most, Math::min);
    return Axis.of(label, most > FAR_APART * least ? Scale.LOG : Scale.LINEAR, values);
  }

  /** What grows with something. */
  static Plot curve(String name, String title, String xLabel, String yLabel, List<Series> lines) {
    Axis x = fitting(xLabel, all(lines, Series::xs));
    return new Plot(name, title, x, fitting(yLabel, all(lines, Series::ys)), lines);
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
    List<Series> lines =
        List.of(
            latency(metric, "p50", Tick.Latency::p50),
            latency(metric, "p99", Tick.Latency::p99),
            latency(metric, "max", Tick.Latency::max));
    Axis time = Axis.until(TIME, all(lines, Series::xs).stream().reduce(0.0, Math::max));
    String title = "Latency of each second: " + metric.meaning();
    return new Plot("latency", title, time, latencies(lines), lines);
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
    Axis percentile = Axis.of("percentile", Scale.NINES, List.of());
    return new Plot(name, title, percentile, latencies(lines), lines);
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
