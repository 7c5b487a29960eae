package im.parley.loadtest.report;

import im.parley.loadtest.run.RunResult;
import java.io.IOException;
import java.nio.file.Path;

public final class Reports {
  private Reports() {}

  public static void write(RunResult result, Path directory, String name) throws IOException {}
}
