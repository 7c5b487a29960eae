package im.parley.loadtest.report;

import im.parley.loadtest.report.Canvas.Anchor;
import im.parley.loadtest.report.Canvas.Point;
import java.util.ArrayList;
import java.util.List;

/** Lines over two axes, with a legend where there are several. */
record Plot(String name, String title, Axis x, Axis y, List<Series> lines) implements Picture {
  static final List<String> COLOURS =
      List.of("#2563eb", "#ea580c", "#059669", "#9333ea", "#dc2626", "#64748b");
  static final String INK = "#111827";
  static final String PALE_INK = "#4b5563";
  static final String GRID = "#e5e7eb";

  private static final int WIDTH = 720;
  private static final int HEIGHT = 300;
  private static final int LEFT = 72;
  private static final int RIGHT = 30;
  private static final int BOTTOM = 50;
  private static final int TITLE = 22;
  private static final int LEGEND = 44;

  /** Of so few points each is shown, for between them nothing was measured. */
  private static final int FEW = 20;

  @Override
  public boolean isEmpty() {
    return lines.stream().allMatch(line -> line.ys().stream().allMatch(y -> y.isNaN()));
  }

  @Override
  public int width() {
    return WIDTH;
  }

  @Override
  public int height() {
    return HEIGHT;
  }

  @Override
  public void draw(Canvas canvas) {
    canvas.heading(new Point(LEFT, TITLE), INK, title);
    grid(canvas);
    for (int i = 0; i < lines.size(); i++) {
      line(canvas, lines.get(i), colour(i));
    }
    if (lines.size() > 1) {
      legend(canvas);
    }
  }

  private static String colour(int line) {
    return COLOURS.get(line % COLOURS.size());
  }

  private void grid(Canvas canvas) {
    for (double tick : y.ticks()) {
      double at = down(tick);
      canvas.line(new Point(LEFT, at), new Point(WIDTH - RIGHT, at), GRID, 1);
      canvas.text(new Point(LEFT - 8, at + 4), Anchor.END, PALE_INK, y.text(tick));
    }
    double floor = HEIGHT - BOTTOM;
    canvas.line(new Point(LEFT, floor), new Point(WIDTH - RIGHT, floor), PALE_INK, 1);
    for (double tick : x.ticks()) {
      double at = across(tick);
      canvas.line(new Point(at, floor), new Point(at, floor + 4), PALE_INK, 1);
      canvas.text(new Point(at, floor + 18), Anchor.MIDDLE, PALE_INK, x.text(tick));
    }
    double middle = (LEFT + WIDTH - RIGHT) / 2.0;
    canvas.text(new Point(middle, HEIGHT - 12), Anchor.MIDDLE, PALE_INK, x.label());
    canvas.upwards(new Point(18, (top() + floor) / 2), PALE_INK, y.label());
  }

  private void line(Canvas canvas, Series series, String colour) {
    List<Point> part = new ArrayList<>();
    for (int i = 0; i < series.xs().size(); i++) {
      double value = series.ys().get(i);
      if (Double.isNaN(value)) {
        part(canvas, part, colour);
        part.clear();
      } else {
        part.add(new Point(across(series.xs().get(i)), down(value)));
      }
    }
    part(canvas, part, colour);
  }

  private static void part(Canvas canvas, List<Point> points, String colour) {
    canvas.path(points, colour, 2);
    if (points.size() <= FEW) {
      points.forEach(point -> canvas.dot(point, 3, colour));
    }
  }

  private void legend(Canvas canvas) {
    double at = LEFT;
    for (int i = 0; i < lines.size(); i++) {
      canvas.box(new Point(at, LEGEND - 10), 10, 10, colour(i));
      canvas.text(new Point(at + 15, LEGEND), Anchor.START, INK, lines.get(i).name());
      at += 36 + Canvas.widthOf(lines.get(i).name());
    }
  }

  private double top() {
    return lines.size() > 1 ? 60 : 40;
  }

  private double across(double value) {
    return LEFT + (WIDTH - LEFT - RIGHT) * x.at(value);
  }

  private double down(double value) {
    return HEIGHT - BOTTOM - (HEIGHT - top() - BOTTOM) * y.at(value);
  }
}
