package im.parley.loadtest.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VariantTest {
  @TempDir private Path directory;

  @Test
  void each_word_changes_one_thing() {
    assertThat(Variant.parse("jdk17+zgc+io_uring+server.event-loops=1"))
        .isEqualTo(
            new Variant(
                "jdk17+zgc+io_uring+server.event-loops=1",
                17,
                List.of("-XX:+UseZGC"),
                List.of("server.transport=io_uring", "server.event-loops=1")));
  }

  @Test
  void the_standard_changes_nothing() {
    assertThat(Variant.parse("standard"))
        .isEqualTo(new Variant("standard", 0, List.of(), List.of()));
    assertThat(Variant.STANDARD_SET.stream().map(Variant::parse)).hasSize(7);
  }

  @Test
  void a_word_that_is_none_is_named() {
    assertThatThrownBy(() -> Variant.parse("zgc+fast"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("variant zgc+fast: expected standard")
        .hasMessageEndingWith("not fast");
  }

  @Test
  void a_jdk_that_is_not_there_is_named() {
    Launcher launcher = new Launcher(directory.resolve("none"));
    assertThatThrownBy(
            () ->
                Variant.parse("jdk99").subject(launcher, new Jdks(Map.of()), Path.of("parley.jar")))
        .hasMessage("variant jdk99: no JDK 99 found, name its home by --java");
  }

  @Test
  void jdks_are_known_by_their_version_and_those_named_come_first() throws Exception {
    Path named = Files.createDirectories(directory.resolve("a jdk"));
    Files.writeString(named.resolve("release"), "JAVA_VERSION=\"99.0.1\"\n");
    assertThat(Jdks.version(named)).as("without a compiler").isEmpty();
    Path javac = Files.createDirectories(named.resolve("bin")).resolve("javac");
    Files.writeString(javac, "");
    assertThat(javac.toFile().setExecutable(true)).isTrue();
    assertThat(Jdks.find(List.of(named)).homes())
        .containsEntry(99, named)
        .containsKey(Runtime.version().feature());
  }

  @Test
  void its_settings_come_to_the_server() {
    BenchPlan plan = new BenchPlan(Path.of("p.jar"), 10, 1, directory, "commit", "command");
    Subject subject =
        new Subject(
            "a", Subject.Program.PARLEY, Path.of("/jdk"), List.of("-Dx=y"), List.of("log.level=x"));
    assertThat(subject.command(plan, List.of("-Xmx1g"), new Subject.Place(1, 2, directory)))
        .startsWith("/jdk/bin/java", "-Dx=y", "-Xmx1g", "-jar", "p.jar", "serve")
        .endsWith("--set", "log.level=x");
  }
}
