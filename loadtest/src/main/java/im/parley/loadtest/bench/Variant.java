package im.parley.loadtest.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A way to run Parley: words joined by {@code +}, each of which changes one thing.
 *
 * @param name as it was written
 * @param jdk feature version; 0 for the launcher's choice
 * @param collector flags in place of the launcher's own; empty for those
 * @param settings of the server
 */
public record Variant(String name, int jdk, List<String> collector, List<String> settings) {
  /** The first is what users get. */
  public static final List<String> STANDARD_SET =
      List.of("standard", "parallel", "zgc", "serial", "jdk17", "nio", "io_uring");

  private static final Map<String, String> COLLECTORS =
      Map.of(
          "parallel", "-XX:+UseParallelGC",
          "zgc", "-XX:+UseZGC",
          "serial", "-XX:+UseSerialGC");
  private static final List<String> TRANSPORTS = List.of("epoll", "io_uring", "nio");

  /**
   * @throws IllegalArgumentException if a word of it is none
   */
  public static Variant parse(String name) {
    int jdk = 0;
    List<String> collector = List.of();
    List<String> settings = new ArrayList<>();
    for (String word : name.split("\\+")) {
      if (word.matches("jdk\\d+")) {
        jdk = Integer.parseInt(word.substring("jdk".length()));
      } else if (COLLECTORS.containsKey(word)) {
        collector = List.of(COLLECTORS.get(word));
      } else if (TRANSPORTS.contains(word)) {
        settings.add("server.transport=" + word);
      } else if (word.matches("[a-z].*=.*")) {
        settings.add(word);
      } else if (!word.equals("standard") && !word.equals("g1")) {
        throw new IllegalArgumentException(
            "variant "
                + name
                + ": expected standard, g1, parallel, zgc, serial, jdkN, epoll, io_uring, nio or KEY=VALUE, joined by +, but not "
                + word);
      }
    }
    return new Variant(name, jdk, collector, List.copyOf(settings));
  }

  /**
   * The server to measure.
   *
   * @throws IllegalArgumentException if its JDK is not among these
   */
  Subject subject(Launcher launcher, Jdks jdks, Path jar) throws IOException {
    Path home = jdk == 0 ? Subject.ownJdk() : jdks.homes().get(jdk);
    if (home == null) {
      throw new IllegalArgumentException(
          "variant " + name + ": no JDK " + jdk + " found, name its home by --java");
    }
    List<String> flags = launcher.flags(home, collector, jar);
    return new Subject(name, Subject.Program.PARLEY, home, flags, settings);
  }
}
