package im.parley.config;

/**
 * What a key is set to.
 *
 * @param key which
 * @param value as written
 * @param source where it was written: {@code default}, a file, an environment variable or a flag
 */
public record Setting(ConfigKey key, String value, String source) {
  /** The value, or a mask in place of a secret. */
  public String shown() {
    return key.shown(value);
  }

  /** Without a secret. */
  @Override
  public String toString() {
    return key.name() + "=" + shown() + " (from " + source + ")";
  }
}
