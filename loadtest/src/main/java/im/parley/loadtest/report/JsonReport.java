package im.parley.loadtest.report;

import im.parley.loadtest.measure.Counter;
import im.parley.loadtest.measure.Metric;
import im.parley.loadtest.measure.PhaseTotals;
import im.parley.loadtest.measure.Sample;
import im.parley.loadtest.probe.ServerSample;
import im.parley.loadtest.run.RunResult;
import im.parley.loadtest.run.Tick;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** The run for programs. Latencies are in microseconds. */
public final class JsonReport {
  private JsonReport() {}

  public static JsonObject of(RunResult result) {
    JsonObject facts = new JsonObject();
    Facts.of(result).forEach((name, value) -> facts.put(name, number(value)));
    JsonArray phases = new JsonArray();
    result.phases().forEach(phase -> phases.add(phase(phase)));
    JsonArray ticks = new JsonArray();
    result.ticks().forEach(tick -> ticks.add(tick(tick)));
    JsonArray settled = new JsonArray();
    result.settled().forEach(memory -> settled.add(memory.toJson()));
    JsonObject codes = new JsonObject();
    result.total().codes().forEach((code, n) -> codes.put(String.valueOf(code), n));
    return new JsonObject()
        .put("scenario", result.kind().label())
        .put("began", result.began().toString())
        .put("machine", Machine.describe())
        .put("targets", new JsonArray(result.options().targets))
        .put("connections", result.options().connections)
        .put("workers", result.options().workers)
        .put("valid", result.invalid().isEmpty())
        .put("invalid", new JsonArray(result.invalid()))
        .put("interrupted", result.interrupted())
        .put("facts", facts)
        .put("codes", codes)
        .put("refusal", result.total().refusal())
        .put("settled", settled)
        .put("phases", phases)
        .put("ticks", ticks);
  }

  private static JsonObject phase(PhaseTotals phase) {
    JsonObject latencies = new JsonObject();
    for (Metric metric : Metric.values()) {
      Histogram values = phase.total().histograms().histogram(metric);
      if (values.getTotalCount() > 0) {
        latencies.put(metric.label(), latency(values));
      }
    }
    return new JsonObject()
        .put("name", phase.name())
        .put("measured", phase.measured())
        .put("seconds", phase.seconds())
        .put("generatorCoreSeconds", phase.coreSeconds())
        .put("busiestLoop", phase.busiestLoop())
        .put("counters", counters(phase.total()))
        .put("latencies", latencies);
  }

  private static JsonObject latency(Histogram values) {
    return new JsonObject()
        .put("count", values.getTotalCount())
        .put("mean", values.getMean())
        .put("p50", values.getValueAtPercentile(50))
        .put("p90", values.getValueAtPercentile(90))
        .put("p99", values.getValueAtPercentile(99))
        .put("p999", values.getValueAtPercentile(99.9))
        .put("max", values.getMaxValue());
  }

  private static JsonObject counters(Sample sample) {
    JsonObject counters = new JsonObject();
    for (Counter counter : Counter.values()) {
      counters.put(counter.name().toLowerCase(Locale.ROOT), sample.get(counter));
    }
    return counters;
  }

  private static JsonObject tick(Tick tick) {
    JsonObject latencies = new JsonObject();
    tick.latencies()
        .forEach(
            (metric, latency) ->
                latencies.put(
                    metric.label(),
                    new JsonObject()
                        .put("count", latency.count())
                        .put("p50", latency.p50())
                        .put("p99", latency.p99())
                        .put("max", latency.max())));
    JsonObject json =
        new JsonObject()
            .put("at", tick.at())
            .put("seconds", tick.seconds())
            .put("phase", tick.phase())
            .put("open", tick.sample().open())
            .put("ready", tick.sample().ready())
            .put("generatorCores", tick.sample().processCpu())
            .put("counters", counters(tick.sample()))
            .put("latencies", latencies);
    return tick.server() == null ? json : json.put("server", server(tick.server()));
  }

  private static JsonObject server(ServerSample server) {
    return new JsonObject()
        .put("rssBytes", number(server.rssBytes()))
        .put("heapBytes", number(server.heapBytes()))
        .put("cpuCores", number(server.cpuCores()))
        .put("gcSeconds", number(server.gcSeconds()))
        .put("longestPauseSeconds", number(server.longestPauseSeconds()));
  }

  /** JSON has no NaN. */
  private static Double number(double value) {
    return Double.isNaN(value) || Double.isInfinite(value) ? null : value;
  }
}
