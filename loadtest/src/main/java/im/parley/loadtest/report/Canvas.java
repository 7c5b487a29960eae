package im.parley.loadtest.report;

import java.util.List;

/** What pictures are drawn on; in pixels of a screen, y downwards, colours as {@code #rrggbb}. */
public interface Canvas {
  int TEXT_SIZE = 12;

  /** Where a text's point is. */
  enum Anchor {
    START("start"),
    MIDDLE("middle"),
    END("end");

    private final String svg;

    Anchor(String svg) {
      this.svg = svg;
    }

    String svg() {
      return svg;
    }
  }

  /** A place. */
  record Point(double x, double y) {}

  void line(Point from, Point to, String colour, double width);

  /** Through all points; of a single one, nothing. */
  void path(List<Point> points, String colour, double width);

  void dot(Point at, double radius, String colour);

  void box(Point corner, double width, double height, String colour);

  /** On its baseline. */
  void text(Point at, Anchor anchor, String colour, String text);

  /** The same in bold. */
  void heading(Point at, String colour, String text);

  /** Read upwards, its middle at the point. */
  void upwards(Point at, String colour, String text);

  /** About how wide a text becomes, whatever the font. */
  static double widthOf(String text) {
    return text.length() * TEXT_SIZE * 0.58;
  }
}
