package im.parley.config;

/**
 * What the node writes about itself.
 *
 * @param format text for people, json for machines (one object a line)
 * @param level the least important level that is written: trace, debug, info, warn or error
 */
public record LogConfig(Format format, String level) {

  /** The form of a log line. */
  public enum Format {
    /** For people. */
    TEXT,
    /** One JSON object a line. */
    JSON
  }
}
