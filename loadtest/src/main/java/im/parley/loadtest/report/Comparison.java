package im.parley.loadtest.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** A page that sets several servers side by side, with its plots also as files. */
public final class Comparison {
  private final Html page;
  private final List<Plot> plots = new ArrayList<>();

  public Comparison(String title) {
    page = new Html(title);
  }

  public void facts(String where, String command, String how) {
    page.paragraph(where).code(command).paragraph(how);
  }

  public void warning(String text) {
    page.warning("invalid: generator saturated: " + text);
  }

  public void table(List<String> head, List<List<String>> rows) {
    page.table(head, rows);
  }

  /**
   * @param byServer values in microseconds
   */
  public void percentiles(String name, String title, Map<String, Histogram> byServer) {
    Plot plot = Plots.percentiles(name, title, byServer);
    plots.add(plot);
    page.plot(plot);
  }

  public void write(Path directory, String name) throws IOException {
    Files.writeString(directory.resolve(name + ".html"), page.end());
    for (Plot plot : plots) {
      Files.writeString(directory.resolve(name + "-" + plot.name() + ".svg"), plot.svg() + "\n");
    }
  }
}
