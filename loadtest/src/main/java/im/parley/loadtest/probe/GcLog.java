package im.parley.loadtest.probe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the pauses in a JVM's {@code -Xlog:gc} file, those that a probe forced excepted. */
public final class GcLog {
  private static final Pattern PAUSE = Pattern.compile("Pause (.*?) (\\d+(?:\\.\\d+)?)ms$");

  private GcLog() {}

  /** Milliseconds of each pause, in order. */
  public static List<Double> pauses(Path file) throws IOException {
    List<Double> pauses = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      Matcher pause = PAUSE.matcher(line);
      if (pause.find()
          && !pause.group(1).contains("System.gc")
          && !pause.group(1).contains("Diagnostic")) {
        pauses.add(Double.parseDouble(pause.group(2)));
      }
    }
    return pauses;
  }
}
