package im.parley.loadtest.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/** Draws into a PNG with two pixels for one of the screen, so that it is sharp when printed. */
final class PngCanvas implements Canvas {
  private static final int SCALE = 2;
  private static final Font PLAIN = new Font(Font.SANS_SERIF, Font.PLAIN, TEXT_SIZE);
  private static final Font BOLD = PLAIN.deriveFont(Font.BOLD);

  private final BufferedImage image;
  private final Graphics2D graphics;

  private PngCanvas(Picture picture) {
    image =
        new BufferedImage(
            picture.width() * SCALE, picture.height() * SCALE, BufferedImage.TYPE_INT_RGB);
    graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.scale(SCALE, SCALE);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, picture.width(), picture.height());
  }

  static void write(Picture picture, Path file) throws IOException {
    PngCanvas canvas = new PngCanvas(picture);
    picture.draw(canvas);
    canvas.graphics.dispose();
    if (!ImageIO.write(canvas.image, "png", file.toFile())) {
      throw new IOException(file + ": this JDK writes no PNG");
    }
  }

  @Override
  public void line(Point from, Point to, String colour, double width) {
    stroke(colour, width);
    graphics.draw(new Line2D.Double(from.x(), from.y(), to.x(), to.y()));
  }

  @Override
  public void path(List<Point> points, String colour, double width) {
    if (points.size() < 2) {
      return;
    }
    Path2D path = new Path2D.Double();
    path.moveTo(points.get(0).x(), points.get(0).y());
    points.stream().skip(1).forEach(point -> path.lineTo(point.x(), point.y()));
    stroke(colour, width);
    graphics.draw(path);
  }

  private void stroke(String colour, double width) {
    graphics.setColor(Color.decode(colour));
    graphics.setStroke(
        new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
  }

  @Override
  public void dot(Point at, double radius, String colour) {
    graphics.setColor(Color.decode(colour));
    graphics.fill(new Ellipse2D.Double(at.x() - radius, at.y() - radius, radius * 2, radius * 2));
  }

  @Override
  public void box(Point corner, double width, double height, String colour) {
    graphics.setColor(Color.decode(colour));
    graphics.fill(new Rectangle2D.Double(corner.x(), corner.y(), width, height));
  }

  @Override
  public void text(Point at, Anchor anchor, String colour, String text) {
    draw(PLAIN, at, anchor, colour, text);
  }

  @Override
  public void heading(Point at, String colour, String text) {
    draw(BOLD, at, Anchor.START, colour, text);
  }

  @Override
  public void upwards(Point at, String colour, String text) {
    AffineTransform level = graphics.getTransform();
    graphics.rotate(-Math.PI / 2, at.x(), at.y());
    draw(PLAIN, at, Anchor.MIDDLE, colour, text);
    graphics.setTransform(level);
  }

  private void draw(Font font, Point at, Anchor anchor, String colour, String text) {
    double width = font.getStringBounds(text, graphics.getFontRenderContext()).getWidth();
    double left = at.x() - width * anchor.ordinal() / 2;
    graphics.setFont(font);
    graphics.setColor(Color.decode(colour));
    graphics.drawString(text, (float) left, (float) at.y());
  }
}
