package im.parley.loadtest.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Draws into a self-contained SVG. */
final class SvgCanvas implements Canvas {
  private final StringBuilder svg = new StringBuilder();

  private SvgCanvas(Picture picture) {
    write(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\"",
        picture.width(), picture.height(), picture.width(), picture.height());
    write(
        " font-family=\"system-ui,sans-serif\" font-size=\"%d\" role=\"img\"><title>%s</title>",
        TEXT_SIZE, Html.escape(picture.title()));
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>");
  }

  static String of(Picture picture) {
    SvgCanvas canvas = new SvgCanvas(picture);
    picture.draw(canvas);
    return canvas.svg.append("</svg>").toString();
  }

  @Override
  public void line(Point from, Point to, String colour, double width) {
    write(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%.1f\"/>",
        from.x(), from.y(), to.x(), to.y(), colour, width);
  }

  @Override
  public void path(List<Point> points, String colour, double width) {
    String all =
        points.stream()
            .map(point -> String.format(Locale.ROOT, "%.1f,%.1f", point.x(), point.y()))
            .collect(Collectors.joining(" "));
    write(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\" stroke-linejoin=\"round\" stroke-linecap=\"round\"/>",
        all, colour, width);
  }

  @Override
  public void dot(Point at, double radius, String colour) {
    write(
        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\"/>", at.x(), at.y(), radius, colour);
  }

  @Override
  public void box(Point corner, double width, double height, String colour) {
    write(
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>",
        corner.x(), corner.y(), width, height, colour);
  }

  @Override
  public void text(Point at, Anchor anchor, String colour, String text) {
    text(at, "text-anchor=\"" + anchor.svg() + "\"", colour, text);
  }

  @Override
  public void heading(Point at, String colour, String text) {
    text(at, "font-weight=\"600\"", colour, text);
  }

  @Override
  public void upwards(Point at, String colour, String text) {
    String turned =
        String.format(Locale.ROOT, "transform=\"rotate(-90 %.1f %.1f)\"", at.x(), at.y());
    text(at, "text-anchor=\"middle\" " + turned, colour, text);
  }

  private void text(Point at, String attributes, String colour, String text) {
    write(
        "<text x=\"%.1f\" y=\"%.1f\" %s fill=\"%s\">%s</text>",
        at.x(), at.y(), attributes, colour, Html.escape(text));
  }

  private void write(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }
}
