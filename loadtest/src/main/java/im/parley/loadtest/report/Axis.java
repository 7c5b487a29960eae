package im.parley.loadtest.report;

import java.util.List;
import java.util.Locale;

/**
 * One side of a plot.
 *
 * @param label with the unit
 * @param ticks the round values that are named
 * @param last value that is still on it
 */
record Axis(String label, Scale scale, List<Double> ticks, double last) {
  /** One that all of these values fit on, between round ends; what is no number does not count. */
  static Axis of(String label, Scale scale, List<Double> values) {
    List<Double> drawn = values.stream().filter(v -> !v.isNaN() && v > 0).sorted().toList();
    double least = drawn.isEmpty() ? 1 : drawn.get(0);
    double most = drawn.isEmpty() ? 1 : drawn.get(drawn.size() - 1);
    List<Double> ticks = scale.ticks(least, most);
    return new Axis(label, scale, ticks, ticks.get(ticks.size() - 1));
  }

  /** An even one from 0 that ends with the last value, as a time does. */
  static Axis until(String label, double last) {
    double end = Math.max(last, 1e-9);
    List<Double> ticks =
        Scale.LINEAR.ticks(0, end).stream().filter(tick -> tick <= end * 1.001).toList();
    return new Axis(label, Scale.LINEAR, ticks, end);
  }

  /** Where a value is, from 0 to 1. */
  double at(double value) {
    double first = scale.position(ticks.get(0));
    return Math.max(0, (scale.position(value) - first) / (scale.position(last) - first));
  }

  /** A tick's value in few letters. */
  String text(double tick) {
    if (scale == Scale.NINES) {
      return trimmed("%.2f", tick) + " %";
    }
    if (tick >= 1e6) {
      return trimmed("%.2f", tick / 1e6) + "M";
    }
    if (tick >= 1e5) {
      return trimmed("%.1f", tick / 1e3) + "k";
    }
    return trimmed(tick < 0.1 ? "%.4f" : "%,.2f", tick);
  }

  private static String trimmed(String format, double value) {
    String text = String.format(Locale.ROOT, format, value);
    return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
  }
}
