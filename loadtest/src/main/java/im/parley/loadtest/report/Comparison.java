package im.parley.loadtest.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** A page that sets several measurements side by side, with its pictures also as files. */
public final class Comparison {
  private final Html page;
  private final List<Picture> pictures = new ArrayList<>();

  public Comparison(String title) {
    page = new Html(title);
  }

  public void facts(String where, String command, String how) {
    page.paragraph(where).code(command).paragraph(how);
  }

  public void warning(String text) {
    page.warning("invalid: generator saturated: " + text);
  }

  public void note(String text) {
    page.warning(text);
  }

  public void table(List<String> head, List<List<String>> rows) {
    page.table(head, rows);
  }

  /** Lines of code under a heading. */
  public void list(String heading, List<String> lines) {
    page.heading(heading);
    lines.forEach(page::code);
  }

  /**
   * @param byServer values in microseconds
   */
  public void percentiles(String name, String title, Map<String, Histogram> byServer) {
    add(Plots.percentiles(name, title, byServer));
  }

  /**
   * @param xLabel of what grows
   * @param yLabel with the unit
   */
  public void curve(String name, String title, String xLabel, String yLabel, List<Series> lines) {
    add(Plots.curve(name, title, xLabel, yLabel, lines));
  }

  /** Bars of every panel; the first bar stands out. */
  public void bars(String name, String title, List<Bars.Panel> panels) {
    add(new Bars(name, title, panels));
  }

  private void add(Picture picture) {
    if (!picture.isEmpty()) {
      pictures.add(picture);
      page.picture(picture);
    }
  }

  /** Writes the page as {@code NAME.html} and each picture beside it. */
  public void write(Path directory, String name) throws IOException {
    Files.writeString(directory.resolve(name + ".html"), page.end());
    for (Picture picture : pictures) {
      Pictures.write(picture, directory, name + "-" + picture.name());
    }
  }
}
