package im.parley.loadtest.report;

import im.parley.loadtest.report.Canvas.Anchor;
import im.parley.loadtest.report.Canvas.Point;
import java.util.List;

/** Bars that lie, in panels of one figure each, two beside each other. */
public record Bars(String name, String title, List<Panel> panels) implements Picture {
  private static final int WIDTH = 760;
  private static final int COLUMNS = 2;
  private static final int MARGIN = 20;
  private static final int BETWEEN = 28;
  private static final int TOP = 44;
  private static final int HEAD = 26;
  private static final int ROW = 20;
  private static final int THICK = 12;
  private static final double COLUMN =
      (WIDTH - 2 * MARGIN - BETWEEN * (COLUMNS - 1)) / (double) COLUMNS;

  /**
   * One figure.
   *
   * @param title with the unit
   */
  public record Panel(String title, List<Bar> bars) {
    private double most() {
      return bars.stream().mapToDouble(Bar::most).filter(v -> !Double.isNaN(v)).max().orElse(1);
    }

    private double labels() {
      return bars.stream().mapToDouble(bar -> Canvas.widthOf(bar.label())).max().orElse(0);
    }

    private double values() {
      return bars.stream().mapToDouble(bar -> Canvas.widthOf(bar.text())).max().orElse(0);
    }

    private int height() {
      return HEAD + ROW * bars.size() + BETWEEN;
    }
  }

  /**
   * One of those that are compared.
   *
   * @param least of its rounds, as {@code most} is the most
   */
  public record Bar(String label, double value, double least, double most) {
    private String text() {
      return Facts.text(value);
    }
  }

  @Override
  public int width() {
    return WIDTH;
  }

  @Override
  public int height() {
    int height = TOP;
    for (int i = 0; i < panels.size(); i += COLUMNS) {
      height += rowHeight(i);
    }
    return height;
  }

  /** Of the row that begins with that panel. */
  private int rowHeight(int first) {
    return panels.subList(first, Math.min(first + COLUMNS, panels.size())).stream()
        .mapToInt(Panel::height)
        .max()
        .orElse(0);
  }

  @Override
  public boolean isEmpty() {
    return panels.stream().allMatch(panel -> panel.bars().isEmpty());
  }

  @Override
  public void draw(Canvas canvas) {
    canvas.heading(new Point(MARGIN, 24), Plot.INK, title);
    double top = TOP;
    for (int i = 0; i < panels.size(); i++) {
      if (i > 0 && i % COLUMNS == 0) {
        top += rowHeight(i - COLUMNS);
      }
      draw(canvas, panels.get(i), MARGIN + (COLUMN + BETWEEN) * (i % COLUMNS), top);
    }
  }

  private static void draw(Canvas canvas, Panel panel, double left, double top) {
    canvas.text(new Point(left, top + 12), Anchor.START, Plot.INK, panel.title());
    double from = left + panel.labels() + 8;
    double room = left + COLUMN - panel.values() - 10 - from;
    double most = Math.max(panel.most(), 1e-9);
    for (int i = 0; i < panel.bars().size(); i++) {
      Bar bar = panel.bars().get(i);
      double middle = top + HEAD + ROW * i + ROW / 2.0;
      canvas.text(new Point(from - 8, middle + 4), Anchor.END, Plot.PALE_INK, bar.label());
      if (Double.isNaN(bar.value())) {
        continue;
      }
      double length = room * Math.max(0, bar.value()) / most;
      String colour = i == 0 ? Plot.COLOURS.get(0) : "#93b4f5";
      canvas.box(new Point(from, middle - THICK / 2.0), length, THICK, colour);
      double end = from + length;
      if (bar.most() > bar.least()) {
        double right = from + room * Math.max(0, bar.most()) / most;
        end = Math.max(end, right);
        canvas.line(
            new Point(from + room * Math.max(0, bar.least()) / most, middle),
            new Point(right, middle),
            Plot.INK,
            1.5);
      }
      canvas.text(new Point(end + 6, middle + 4), Anchor.START, Plot.INK, bar.text());
    }
    double floor = top + HEAD + ROW * panel.bars().size();
    canvas.line(new Point(from, top + HEAD), new Point(from, floor), Plot.PALE_INK, 1);
  }
}
