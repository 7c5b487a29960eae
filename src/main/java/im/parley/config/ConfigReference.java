package im.parley.config;

import java.util.stream.Collectors;

/** The table of keys as documents: the commented settings file and the README's table. */
public final class ConfigReference {
  private ConfigReference() {}

  /** A settings file with every key at its default, commented out and explained. */
  public static String file() {
    return ConfigKeys.all().stream()
        .filter(key -> !key.name().equals(ConfigKeys.FILE))
        .map(ConfigReference::entry)
        .collect(
            Collectors.joining(
                "\n",
                """
                # Every setting of Parley with its default. Uncomment what you change, and start with
                #   parley serve --config FILE
                # Environment variables (PARLEY_ and the key in capitals, with _ for dots and dashes) win over
                # this file, flags and --set key=value over both. Lists are separated by commas; durations are
                # written 500ms, 30s, 5m, 2h or 7d.

                """,
                ""));
  }

  /** The rows of the README, as a Markdown table. */
  public static String table() {
    return ConfigKeys.all().stream()
        .map(ConfigReference::row)
        .collect(
            Collectors.joining(
                "", "| Key | Default | Takes | What it is |\n|---|---|---|---|\n", ""));
  }

  private static String entry(ConfigKey key) {
    String misuse = key.misuse().isEmpty() ? "" : "# Mind: " + key.misuse() + ".\n";
    String doc = "# " + capital(key.doc()) + " (" + key.kind().label() + ").\n";
    return doc + misuse + "#" + key.name() + "=" + key.standard() + "\n";
  }

  private static String row(ConfigKey key) {
    String standard = key.standard().isEmpty() ? "" : "`" + key.standard() + "`";
    String misuse = key.misuse().isEmpty() ? "" : "; " + key.misuse();
    return "| `%s` | %s | %s | %s |\n"
        .formatted(key.name(), standard, key.kind().label(), key.doc() + misuse);
  }

  private static String capital(String sentence) {
    return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
  }
}
