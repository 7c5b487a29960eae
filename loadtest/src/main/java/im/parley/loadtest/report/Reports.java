package im.parley.loadtest.report;

import im.parley.loadtest.run.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a run's files: JSON, page, and each plot by itself. */
public final class Reports {
  private Reports() {}

  /**
   * @param directory made if absent; null for no files
   * @param name of the files; null for the scenario's
   */
  public static void write(RunResult result, Path directory, String name) throws IOException {
    if (directory == null) {
      return;
    }
    Files.createDirectories(directory);
    String base = name == null ? result.kind().label() : name;
    Files.writeString(
        directory.resolve(base + ".json"), JsonReport.of(result).encodePrettily() + "\n");
    Files.writeString(directory.resolve(base + ".html"), HtmlReport.of(result));
    for (Plot plot : Plots.of(result)) {
      Pictures.write(plot, directory, base + "-" + plot.name());
    }
  }
}
