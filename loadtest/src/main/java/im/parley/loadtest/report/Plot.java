package im.parley.loadtest.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * A line plot as a self-contained SVG, for a page or a file of its own.
 *
 * @param name of its file, in lower case
 * @param xLabel with the unit
 * @param yLabel with the unit
 * @param nines whether x is a percentile, drawn so that 90, 99 and 99.9 are equally far apart
 */
record Plot(
    String name, String title, String xLabel, String yLabel, List<Series> lines, boolean nines) {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 280;
  private static final int LEFT = 64;
  private static final int RIGHT = 28;
  private static final int TOP = 48;
  private static final int BOTTOM = 44;
  private static final int STEPS = 5;
  private static final double[] NINES = {0, 90, 99, 99.9, 99.99};
  private static final List<String> COLOURS =
      List.of("#2563eb", "#ea580c", "#059669", "#9333ea", "#dc2626", "#64748b");

  boolean isEmpty() {
    return lines.stream().allMatch(line -> line.ys().stream().allMatch(y -> y.isNaN()));
  }

  String svg() {
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" font-family=\"system-ui,sans-serif\" font-size=\"12\" role=\"img\"><title>%s</title><rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>"
            .formatted(WIDTH, HEIGHT, WIDTH, HEIGHT, Html.escape(title)));
    text(svg, LEFT, 18, "start", "#111", title);
    double top = niceTop(max(false));
    double right = nines ? position(99.99) : Math.max(1e-9, max(true));
    grid(svg, top, right);
    for (int i = 0; i < lines.size(); i++) {
      line(svg, lines.get(i), COLOURS.get(i % COLOURS.size()), right, top);
      legend(svg, i);
    }
    text(svg, WIDTH - RIGHT, HEIGHT - 6, "end", "#555", xLabel);
    text(svg, 8, 38, "start", "#555", yLabel);
    return svg.append("</svg>").toString();
  }

  private void grid(StringBuilder svg, double top, double right) {
    for (int i = 0; i <= STEPS; i++) {
      double y = y(top * i / STEPS, top);
      svg.append(
          String.format(
              Locale.ROOT,
              "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#e5e7eb\"/>",
              LEFT,
              WIDTH - RIGHT,
              y,
              y));
      text(svg, LEFT - 6, y + 4, "end", "#555", label(top * i / STEPS));
    }
    int y = HEIGHT - BOTTOM + 16;
    if (nines) {
      for (double percentile : NINES) {
        text(svg, x(position(percentile), right), y, "middle", "#555", label(percentile) + " %");
      }
      return;
    }
    double step = niceTop(right / STEPS);
    for (double at = 0; at <= right; at += step) {
      text(svg, x(at, right), y, "middle", "#555", label(at));
    }
  }

  private void line(StringBuilder svg, Series series, String colour, double right, double top) {
    StringBuilder path = new StringBuilder();
    boolean gap = true;
    for (int i = 0; i < series.xs().size(); i++) {
      double value = series.ys().get(i);
      if (Double.isNaN(value)) {
        gap = true;
        continue;
      }
      double at = nines ? position(series.xs().get(i)) : series.xs().get(i);
      path.append(
          String.format(Locale.ROOT, "%s%.1f %.1f", gap ? "M" : "L", x(at, right), y(value, top)));
      gap = false;
    }
    svg.append(
        "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\" stroke-linejoin=\"round\" stroke-linecap=\"round\"/>"
            .formatted(path, colour));
  }

  private void legend(StringBuilder svg, int i) {
    if (lines.size() == 1) {
      return;
    }
    int at = WIDTH - RIGHT - 130 * (lines.size() - i);
    svg.append(
        "<rect x=\"%d\" y=\"29\" width=\"10\" height=\"10\" rx=\"2\" fill=\"%s\"/>"
            .formatted(at, COLOURS.get(i % COLOURS.size())));
    text(svg, at + 15, 38, "start", "#333", lines.get(i).name());
  }

  private static void text(
      StringBuilder svg, double x, double y, String anchor, String fill, String text) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>",
            x,
            y,
            anchor,
            fill,
            Html.escape(text)));
  }

  /** On an axis where each further nine is one step. */
  private static double position(double percentile) {
    return -Math.log10(1 - Math.min(percentile, 99.99) / 100);
  }

  private double max(boolean ofX) {
    return lines.stream()
        .flatMapToDouble(line -> (ofX ? line.xs() : line.ys()).stream().mapToDouble(v -> v))
        .filter(v -> !Double.isNaN(v))
        .max()
        .orElse(1);
  }

  /** The next of 1, 2, 2.5, 5 times a power of ten. */
  static double niceTop(double max) {
    if (max <= 0) {
      return 1;
    }
    double power = Math.pow(10, Math.floor(Math.log10(max)));
    return DoubleStream.of(1, 2, 2.5, 5, 10)
        .map(step -> step * power)
        .filter(top -> top >= max * 0.999)
        .findFirst()
        .orElse(10 * power);
  }

  private static String label(double value) {
    if (value >= 1e6) {
      return String.format(Locale.ROOT, "%.4gM", value / 1e6).replaceAll("\\.?0+M", "M");
    }
    if (value >= 1e4) {
      return String.format(Locale.ROOT, "%.4gk", value / 1e3).replaceAll("\\.?0+k", "k");
    }
    String text = String.format(Locale.ROOT, "%.2f", value);
    return text.replaceAll("\\.?0+$", "");
  }

  private static double x(double value, double right) {
    return LEFT + (WIDTH - LEFT - RIGHT) * value / right;
  }

  private static double y(double value, double top) {
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top;
  }
}
