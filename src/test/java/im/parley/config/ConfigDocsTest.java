package im.parley.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the documents and the table of keys together. */
class ConfigDocsTest {
  @Test
  void the_reference_file_is_what_the_table_says() throws Exception {
    try (InputStream file = ConfigDocsTest.class.getResourceAsStream("/parley.properties")) {
      assertThat(new String(file.readAllBytes(), StandardCharsets.UTF_8))
          .as("src/main/resources/parley.properties; renew with: parley config --reference")
          .isEqualTo(ConfigReference.file());
    }
  }

  @Test
  void the_reference_file_uncommented_is_the_default_configuration() throws Exception {
    Properties properties = new Properties();
    properties.load(
        new StringReader(
            ConfigReference.file()
                .lines()
                .map(line -> line.matches("#[a-z].*") ? line.substring(1) : line)
                .collect(Collectors.joining("\n"))));
    Map<String, String> values =
        properties.stringPropertyNames().stream()
            .collect(Collectors.toMap(key -> key, properties::getProperty));
    assertThat(values).hasSize(ConfigKeys.all().size() - 1);
    assertThat(Config.of(values)).isEqualTo(Config.of(Map.of()));
  }

  @Test
  void every_key_has_an_effect() {
    Config standard = Config.of(Map.of());
    for (ConfigKey key : ConfigKeys.all()) {
      if (!key.name().equals(ConfigKeys.FILE)) {
        assertThat(effect(key.name())).as(key.name()).isNotEqualTo(standard);
      }
    }
  }

  private static Object effect(String key) {
    try {
      return Config.of(Map.of(key, "no one's value"));
    } catch (ConfigException refused) {
      return refused;
    }
  }

  @Test
  void the_readme_holds_the_table() throws Exception {
    Path readme = Path.of("README.md");
    assertThat(Files.readString(readme))
        .as("README.md; renew the table with: parley config --table")
        .contains(ConfigReference.table());
  }

  @Test
  void no_two_keys_share_an_environment_variable() {
    assertThat(ConfigKeys.all().stream().map(ConfigKey::variable)).doesNotHaveDuplicates();
  }
}
