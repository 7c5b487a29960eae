package im.parley.config;

import java.util.List;

/**
 * What the node writes about itself.
 *
 * @param format text for people, json for machines (one object a line)
 * @param level the least important level that is written: trace, debug, info, warn or error
 */
public record LogConfig(Format format, String level) {
  private static final List<String> LEVELS = List.of("trace", "debug", "info", "warn", "error");

  /** The form of a log line. */
  public enum Format {
    /** For people. */
    TEXT,
    /** One JSON object a line. */
    JSON
  }

  public LogConfig {
    Rules.require(LEVELS.contains(level), "log.level", level, String.join(" or ", LEVELS));
  }

  static LogConfig from(Reading reading) {
    return new LogConfig(reading.choice("log.format", Format.class), reading.text("log.level"));
  }
}
