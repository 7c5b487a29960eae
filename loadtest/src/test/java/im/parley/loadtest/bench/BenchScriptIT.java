package im.parley.loadtest.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script before the bench, where a recorder stands for the JVM. */
class BenchScriptIT {
  @TempDir private Path jdk;

  @Test
  void the_users_options_are_the_only_ones() throws Exception {
    String printed = run("--out", "there", "--commit", "abc", "--server-jar", "mine.jar");
    assertThat(printed).endsWith("bench --out there --commit abc --server-jar mine.jar\n");
  }

  @Test
  void its_own_values_are_defaults_in_the_environment() throws Exception {
    assertThat(run())
        .contains("LOADTEST_OUT=", "/loadtest/out\n")
        .contains("LOADTEST_SERVER_JAR=", "/target/parley.jar\n")
        .contains("LOADTEST_LAUNCHER=", "/parley\n")
        .contains("LOADTEST_COMMIT=");
  }

  private String run(String... options) throws IOException, InterruptedException {
    Files.createDirectories(jdk.resolve("bin"));
    Path java = jdk.resolve("bin/java");
    Files.writeString(java, "#!/bin/sh\nenv | grep ^LOADTEST_\necho \"$@\"\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    List<String> command = new ArrayList<>(List.of("./bench"));
    command.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PARLEY_JAVA_HOME", jdk.toString());
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed;
  }
}
