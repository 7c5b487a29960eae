package im.parley.loadtest.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * The checkout's {@code parley}, which alone knows what flags a JDK and its class cache take.
 *
 * @param script that answers to {@code flags}
 */
public record Launcher(Path script) {
  private static final String CACHE = "-XX:AOTCache=";

  /**
   * The flags with which users' nodes run.
   *
   * @param jdk home of the JDK
   * @param collector flags that take the place of the launcher's own choice; empty for that
   * @param jar the server's; the class cache is left out if it is of another one
   * @throws IOException if the launcher does not answer
   */
  List<String> flags(Path jdk, List<String> collector, Path jar) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(script.toAbsolutePath().toString(), "flags")
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("PARLEY_JAVA_HOME", jdk.toString());
    if (!collector.isEmpty()) {
      builder.environment().put("PARLEY_GC", String.join(" ", collector));
    }
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException(script + " flags: ended with " + process.exitValue());
    }
    Path home = jar.toAbsolutePath().normalize().getParent();
    return printed
        .lines()
        .filter(flag -> !flag.startsWith(CACHE) || cacheOf(flag).getParent().equals(home))
        .toList();
  }

  private static Path cacheOf(String flag) {
    return Path.of(flag.substring(CACHE.length())).toAbsolutePath().normalize();
  }

  /** The same without the class cache, for a server that has none. */
  static List<String> withoutCache(List<String> flags) {
    return flags.stream()
        .filter(flag -> !flag.startsWith(CACHE) && !flag.startsWith("-Xlog"))
        .toList();
  }
}
