package im.parley;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  @Test
  void imports_run_one_way() throws Exception {
    ImportRules sources = ImportRules.of(Path.of("src/main/java"));
    assertThat(sources.packages()).isGreaterThan(4);
    assertThat(sources.breaches()).isEmpty();
  }

  @Test
  void an_import_from_above_is_a_breach() {
    assertThat(rules("package im.parley.store;\nimport im.parley.chat.Send;\n").breaches())
        .containsExactly("im.parley.store imports im.parley.chat, which is not below it");
  }

  @Test
  void an_import_from_beside_is_a_breach_static_ones_too() {
    assertThat(
            rules("package im.parley.http;\nimport static im.parley.grpc.Codes.BUSY;\n").breaches())
        .containsExactly("im.parley.http imports im.parley.grpc, which is not below it");
    assertThat(rules("package im.parley.chat;\nimport im.parley.Node;\n").breaches()).hasSize(1);
  }

  @Test
  void an_import_from_below_or_from_the_same_piece_is_none() {
    assertThat(
            rules(
                    "package im.parley.store.sqlite;\nimport im.parley.store.Store;\n",
                    "package im.parley.store;\nimport im.parley.config.Config.Inner;\n",
                    "package im.parley;\nimport im.parley.cli.ParleyCommand;\n")
                .breaches())
        .isEmpty();
  }

  @Test
  void a_cycle_of_packages_inside_one_piece_is_a_breach() {
    assertThat(
            rules(
                    "package im.parley.store;\nimport im.parley.store.sqlite.SqliteStore;\n",
                    "package im.parley.store.sqlite;\nimport im.parley.store.Store;\n")
                .breaches())
        .containsExactly(
            "im.parley.store is in a cycle of packages",
            "im.parley.store.sqlite is in a cycle of packages");
  }

  @Test
  void only_cluster_knows_hazelcast() {
    String line = "import com.hazelcast.core.HazelcastInstance;\n";
    assertThat(rules("package im.parley.cluster;\n" + line).breaches()).isEmpty();
    assertThat(rules("package im.parley.chat;\n" + line).breaches())
        .containsExactly("im.parley.chat imports com.hazelcast.core, which only cluster knows");
  }

  @Test
  void a_package_without_a_level_is_asked_for_one() {
    assertThatThrownBy(
            () -> rules("package im.parley.util;\nimport im.parley.chat.Send;\n").breaches())
        .hasMessageContaining("im.parley.util has no level");
  }

  private static ImportRules rules(String... sources) {
    ImportRules rules = new ImportRules();
    for (String source : sources) {
      rules.add(source);
    }
    return rules;
  }
}
