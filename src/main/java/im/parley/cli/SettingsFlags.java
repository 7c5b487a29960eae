package im.parley.cli;

import im.parley.config.ConfigException;
import im.parley.config.Settings;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The flags with which every command that needs settings takes them. */
class SettingsFlags {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "settings file, in properties syntax")
  private String file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "any setting by its key; may be repeated. 'parley config' lists the keys")
  private List<String> assignments = List.of();

  /** Defaults, file, environment and flags together. */
  final Settings load() {
    return Settings.load(System.getenv(), flags());
  }

  List<Settings.Flag> flags() {
    List<Settings.Flag> flags = new ArrayList<>();
    for (String assignment : assignments) {
      flags.add(assigned(assignment));
    }
    add(flags, "config", file);
    return flags;
  }

  static void add(List<Settings.Flag> flags, String key, String value) {
    if (value != null) {
      flags.add(new Settings.Flag(key, value, "--" + key));
    }
  }

  private static Settings.Flag assigned(String assignment) {
    int equals = assignment.indexOf('=');
    if (equals < 1) {
      throw new ConfigException("--set \"" + assignment + "\": expected key=value");
    }
    String key = assignment.substring(0, equals).strip();
    if (key.equals("config")) {
      throw new ConfigException(
          "--set config: expected a setting; the file is named with --config");
    }
    return new Settings.Flag(key, assignment.substring(equals + 1), "--set");
  }
}
