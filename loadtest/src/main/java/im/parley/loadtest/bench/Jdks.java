package im.parley.loadtest.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The JDKs of this machine by version: those that were named, then where the launcher looks too.
 *
 * @param homes by feature version, as 25
 */
record Jdks(Map<Integer, Path> homes) {
  private static final Pattern VERSION = Pattern.compile("(?m)^JAVA_VERSION=\"(\\d+)");

  /**
   * @param named come before those that are found
   */
  static Jdks find(List<Path> named) throws IOException {
    List<Path> candidates = new ArrayList<>(named);
    candidates.add(Subject.ownJdk());
    Optional.ofNullable(System.getenv("JAVA_HOME")).map(Path::of).ifPresent(candidates::add);
    for (String place : List.of("/usr/lib/jvm", "/opt/java")) {
      if (Files.isDirectory(Path.of(place))) {
        try (DirectoryStream<Path> homes = Files.newDirectoryStream(Path.of(place))) {
          homes.forEach(candidates::add);
        }
      }
    }
    Map<Integer, Path> homes = new TreeMap<>();
    for (Path candidate : candidates) {
      version(candidate).ifPresent(version -> homes.putIfAbsent(version, candidate));
    }
    return new Jdks(homes);
  }

  /** The feature version of the JDK there, if there is one that can compile. */
  static Optional<Integer> version(Path home) throws IOException {
    Path release = home.resolve("release");
    if (!Files.isExecutable(home.resolve("bin/javac")) || !Files.isReadable(release)) {
      return Optional.empty();
    }
    Matcher line = VERSION.matcher(Files.readString(release));
    return line.find() ? Optional.of(Integer.valueOf(line.group(1))) : Optional.empty();
  }
}
