package im.parley.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The checks that the records share. */
final class Rules {
  private Rules() {}

  static void require(boolean holds, String key, Object value, String expected) {
    if (!holds) {
      throw new ConfigException(key, value, expected);
    }
  }

  static void between(String key, long value, long least, long most) {
    require(value >= least && value <= most, key, value, "a number from " + least + " to " + most);
  }

  static void between(String key, Duration value, Duration least, Duration most) {
    require(
        value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
        key,
        written(value),
        "a duration from " + written(least) + " to " + written(most));
  }

  static void port(String key, int value) {
    require(value >= 0 && value <= 65535, key, value, "a port from 0 (any free one) to 65535");
  }

  static void readable(String key, String path) {
    require(
        Files.isReadable(Path.of(path)) && !Files.isDirectory(Path.of(path)),
        key,
        path,
        "a file that can be read");
  }

  /** As a person would write it: the largest unit without a remainder. */
  static String written(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds == 0 || seconds % 60 != 0) {
      return seconds + "s";
    }
    return seconds % 86400 == 0
        ? seconds / 86400 + "d"
        : seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds / 60 + "m";
  }
}
