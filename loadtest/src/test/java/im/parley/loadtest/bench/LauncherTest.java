package im.parley.loadtest.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {
  @TempDir private Path checkout;

  @Test
  void it_is_asked_for_a_jdk_and_a_collector() throws IOException {
    Launcher launcher = launcher("echo \"$1\"; echo \"$PARLEY_JAVA_HOME\"; echo \"$PARLEY_GC\"");
    assertThat(launcher.flags(Path.of("/a jdk"), List.of("-XX:+UseZGC"), jar("target")))
        .containsExactly("flags", "/a jdk", "-XX:+UseZGC");
  }

  @Test
  void the_class_cache_is_only_for_its_own_jar() throws IOException {
    String cache = "-XX:AOTCache=" + checkout.resolve("target/parley-25.aot");
    Launcher launcher = launcher("echo -Dx=y; echo " + cache);
    assertThat(launcher.flags(Path.of("/jdk"), List.of(), jar("target")))
        .containsExactly("-Dx=y", cache);
    assertThat(launcher.flags(Path.of("/jdk"), List.of(), jar("elsewhere")))
        .containsExactly("-Dx=y");
  }

  @Test
  void a_server_without_class_cache_has_the_other_flags() {
    assertThat(
            Launcher.withoutCache(
                List.of("-XX:+UseG1GC", "-XX:AOTCache=x.aot", "-Xlog:disable", "-Dx=y")))
        .containsExactly("-XX:+UseG1GC", "-Dx=y");
  }

  @Test
  void a_launcher_that_fails_is_named() throws IOException {
    Launcher launcher = launcher("exit 2");
    assertThatThrownBy(() -> launcher.flags(Path.of("/jdk"), List.of(), jar("target")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("parley flags: ended with 2");
  }

  private Path jar(String directory) {
    return checkout.resolve(directory).resolve("parley.jar");
  }

  private Launcher launcher(String body) throws IOException {
    Path script = Files.writeString(checkout.resolve("parley"), "#!/bin/sh\n" + body + "\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return new Launcher(script);
  }
}
