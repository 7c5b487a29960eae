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
        Durations.written(value),
        "a duration from " + Durations.written(least) + " to " + Durations.written(most));
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
}
