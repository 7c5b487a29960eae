package im.parley.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Every key with its value and where that came from, in rising precedence: defaults, file,
 * environment, flags. Belongs to the thread that fills it.
 */
public final class Settings {
  // Read by the launcher, which leaves them in the environment.
  private static final List<String> LAUNCHER =
      List.of("PARLEY_JAVA_HOME", "PARLEY_JAVA_OPTS", "PARLEY_HEAP", "PARLEY_GC");

  private final Map<String, Setting> settings = new LinkedHashMap<>();

  private Settings() {
    for (ConfigKey key : ConfigKeys.all()) {
      settings.put(key.name(), new Setting(key, key.standard(), "default"));
    }
  }

  /** The defaults. */
  public static Settings defaults() {
    return new Settings();
  }

  /**
   * Defaults, then the settings file if a flag or the environment names one, then the environment,
   * then the flags.
   *
   * @param environment of the process; only {@code PARLEY_…} is looked at
   * @param flags of the command line
   * @throws ConfigException if the file cannot be read or a key is unknown
   */
  public static Settings load(Map<String, String> environment, List<Flag> flags) {
    Settings given = new Settings().environment(environment).flags(flags);
    Setting file = given.get(ConfigKeys.FILE);
    if (file.value().isEmpty()) {
      return given;
    }
    return new Settings().file(file).environment(environment).flags(flags);
  }

  /**
   * A value given on the command line.
   *
   * @param key its name
   * @param value as written
   * @param flag the flag it was given with, such as {@code --ws-port}
   */
  public record Flag(String key, String value, String flag) {}

  /** Sets {@code key}; an unknown one is refused with the nearest known. */
  Settings set(String key, String value, String source) {
    ConfigKey known =
        ConfigKeys.find(key)
            .orElseThrow(
                () ->
                    new ConfigException(
                        "unknown key "
                            + key
                            + " (from "
                            + source
                            + "): did you mean "
                            + Nearest.to(key).name()
                            + "?"));
    settings.put(key, new Setting(known, value.strip(), source));
    return this;
  }

  private Settings flags(List<Flag> flags) {
    flags.forEach(flag -> set(flag.key(), flag.value(), "flag " + flag.flag()));
    return this;
  }

  private Settings environment(Map<String, String> environment) {
    // Sorted, so that of several mistakes the same one is named each time.
    new TreeMap<>(environment)
        .forEach(
            (variable, value) -> {
              if (variable.startsWith(ConfigKey.PREFIX) && !isForeign(variable)) {
                String key =
                    ConfigKeys.findVariable(variable)
                        .map(ConfigKey::name)
                        .orElseThrow(() -> unknown(variable));
                set(key, value, "environment variable " + variable);
              }
            });
    return this;
  }

  private static ConfigException unknown(String variable) {
    String name =
        variable.substring(ConfigKey.PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '-');
    return new ConfigException(
        "unknown environment variable "
            + variable
            + ": did you mean "
            + Nearest.to(name).variable()
            + "?");
  }

  private static boolean isForeign(String variable) {
    // Kubernetes puts PARLEY_PORT… and PARLEY_SERVICE_… beside every pod once a service is called
    // "parley".
    return LAUNCHER.contains(variable)
        || variable.equals("PARLEY_PORT")
        || variable.startsWith("PARLEY_PORT_")
        || variable.startsWith("PARLEY_SERVICE_");
  }

  private Settings file(Setting file) {
    String source = "file " + file.value();
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of(file.value()), StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (NoSuchFileException | InvalidPathException e) {
      throw new ConfigException(ConfigKeys.FILE, file.value(), "a file that exists")
          .from(file.source());
    } catch (CharacterCodingException e) {
      throw new ConfigException(ConfigKeys.FILE, file.value(), "a file in UTF-8")
          .from(file.source());
    } catch (IOException e) {
      throw new ConfigException(ConfigKeys.FILE, file.value(), "a file that can be read")
          .from(file.source());
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
              ConfigKeys.FILE, file.value(), "Java properties syntax, but: " + e.getMessage())
          .from(file.source());
    }
    for (String key : new TreeMap<>(properties).keySet().toArray(new String[0])) {
      if (key.equals(ConfigKeys.FILE)) {
        throw new ConfigException(
            "config (from "
                + source
                + "): a file cannot name another; use --config or PARLEY_CONFIG");
      }
      set(key, properties.getProperty(key), source);
    }
    return this;
  }

  /** The exception for a value that turned out wrong only when it was used. */
  public ConfigException refusal(String key, String expected) {
    Setting setting = get(key);
    return new ConfigException(key, setting.value(), expected).from(setting.source());
  }

  /** What {@code key} is set to. */
  public Setting get(String key) {
    return settings.get(key);
  }

  /** Every key, in the order of {@link ConfigKeys}. */
  public List<Setting> all() {
    return List.copyOf(settings.values());
  }

  /**
   * The typed configuration.
   *
   * @throws ConfigException if a value is not what its key takes, or two do not go together
   */
  public Config config() {
    try {
      return Config.from(new Reading(this));
    } catch (ConfigException e) {
      throw e.key().isEmpty() ? e : e.from(get(e.key()).source());
    }
  }
}
