package im.parley.config;

/**
 * A setting that cannot be: its message is one line for the person who wrote it, naming the key,
 * the offending value, where that came from and what was expected. The value of a secret is never
 * in it.
 */
public final class ConfigException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String key;
  private final String value;
  private final String expected;

  /** A value that {@code key} cannot take; the source is added by whoever knows it. */
  ConfigException(String key, Object value, String expected) {
    this(key, String.valueOf(value), expected, null);
  }

  private ConfigException(String key, String value, String expected, String source) {
    super(line(key, value, expected, source));
    this.key = key;
    this.value = value;
    this.expected = expected;
  }

  /**
   * Something other than a key's value is wrong, such as an unreadable file; {@code line} says all.
   */
  public ConfigException(String line) {
    super(line);
    this.key = "";
    this.value = "";
    this.expected = "";
  }

  /** The key whose value is wrong; empty if it is not about one key. */
  public String key() {
    return key;
  }

  ConfigException from(String source) {
    return key.isEmpty() ? this : new ConfigException(key, value, expected, source);
  }

  private static String line(String key, String value, String expected, String source) {
    boolean secret = ConfigKeys.find(key).map(ConfigKey::secret).orElse(false);
    String shown =
        secret && !value.isEmpty() ? ConfigKey.MASK : "\"" + ConfigKey.masked(value) + "\"";
    return key
        + " = "
        + shown
        + (source == null ? "" : " (from " + source + ")")
        + ": expected "
        + expected;
  }
}
