package im.parley.config;

import java.util.Locale;

/**
 * One setting as people write it.
 *
 * @param name as in a file and in {@code --set}: lower case, dots and dashes
 * @param standard the default, as it would be written
 * @param kind how the value is written
 * @param doc what it is, one line
 * @param misuse what goes wrong when it is too small, too large or forgotten; empty if nothing to
 *     say
 * @param secret never printed
 */
public record ConfigKey(
    String name, String standard, Kind kind, String doc, String misuse, boolean secret) {
  static final String MASK = "****";
  static final String PREFIX = "PARLEY_";

  /** How a value is written. */
  public enum Kind {
    TEXT("text"),
    NUMBER("number"),
    PORT("port"),
    PORTS("ports, comma separated"),
    FLAG("true or false"),
    DURATION("duration"),
    LIST("list, comma separated"),
    PATH("path"),
    CHOICE("one of the words named");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** For the reader of a table. */
    public String label() {
      return label;
    }
  }

  /** The environment variable of the same setting. */
  public String variable() {
    return PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** The value as it may be shown. */
  public String shown(String value) {
    return secret && !value.isEmpty() ? MASK : masked(value);
  }

  /** {@code value} without the user and password of the addresses in it. */
  static String masked(String value) {
    return value.replaceAll("://[^/,\\s]*@", "://" + MASK + "@");
  }
}
