package im.parley.loadtest.measure;

import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * One histogram per metric, made when it is first used. Three significant digits from a microsecond
 * to ten minutes; what is longer counts as ten minutes. Not thread-safe.
 */
public final class Histograms {
  private static final long LONGEST_MICROS = 600_000_000;
  private static final int DIGITS = 3;

  private final Map<Metric, Histogram> byMetric = new EnumMap<>(Metric.class);

  public static Histogram empty() {
    return new Histogram(1, LONGEST_MICROS, DIGITS);
  }

  public void record(Metric metric, long micros) {
    histogram(metric).recordValue(Math.max(0, Math.min(micros, LONGEST_MICROS)));
  }

  /** The metric's values so far; empty if there are none. Changes as more are recorded. */
  public Histogram histogram(Metric metric) {
    return byMetric.computeIfAbsent(metric, any -> empty());
  }

  public void add(Histograms other) {
    other.byMetric.forEach(
        (metric, values) -> {
          if (values.getTotalCount() > 0) {
            histogram(metric).add(values);
          }
        });
  }

  /** Empties each, and keeps its memory. */
  void clear() {
    byMetric.values().forEach(Histogram::reset);
  }

  public long count(Metric metric) {
    Histogram values = byMetric.get(metric);
    return values == null ? 0 : values.getTotalCount();
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    byMetric.forEach(
        (metric, values) -> {
          if (values.getTotalCount() > 0) {
            json.put(metric.name(), encode(values));
          }
        });
    return json;
  }

  static Histograms fromJson(JsonObject json) {
    Histograms histograms = new Histograms();
    for (String name : json.fieldNames()) {
      histograms.byMetric.put(Metric.valueOf(name), decode(json.getString(name)));
    }
    return histograms;
  }

  private static String encode(Histogram values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.getNeededByteBufferCapacity());
    int length = values.encodeIntoCompressedByteBuffer(buffer);
    return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
  }

  private static Histogram decode(String text) {
    try {
      ByteBuffer buffer = ByteBuffer.wrap(Base64.getDecoder().decode(text));
      // Merged ones must have room for every value, whatever the first of them held.
      Histogram values = empty();
      values.add(Histogram.decodeFromCompressedByteBuffer(buffer, 0));
      return values;
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("not a compressed histogram: " + e.getMessage(), e);
    }
  }
}
