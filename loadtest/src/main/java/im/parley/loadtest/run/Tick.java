package im.parley.loadtest.run;

import im.parley.loadtest.measure.Metric;
import im.parley.loadtest.measure.Sample;
import im.parley.loadtest.probe.ServerSample;
import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * About a second of a run, over all workers, as the plots show it.
 *
 * @param at seconds since the run began, at the tick's end
 * @param seconds its length
 * @param sample of all workers; its histograms are dropped, {@code latencies} stays
 * @param server null without {@code --server-pid} and {@code --admin-url}
 */
public record Tick(
    double at,
    double seconds,
    String phase,
    Sample sample,
    Map<Metric, Latency> latencies,
    ServerSample server) {

  /** Of one metric within the tick, in microseconds. */
  public record Latency(long count, double mean, long min, long p50, long p99, long max) {
    static Latency of(Histogram values) {
      return new Latency(
          values.getTotalCount(),
          values.getMean(),
          values.getMinValue(),
          values.getValueAtPercentile(50),
          values.getValueAtPercentile(99),
          values.getMaxValue());
    }
  }

  static Tick of(double at, double seconds, String phase, Sample sample, ServerSample server) {
    Map<Metric, Latency> latencies = new EnumMap<>(Metric.class);
    for (Metric metric : Metric.values()) {
      if (sample.histograms().count(metric) > 0) {
        latencies.put(metric, Latency.of(sample.histograms().histogram(metric)));
      }
    }
    return new Tick(at, seconds, phase, sample.withoutHistograms(), latencies, server);
  }
}
