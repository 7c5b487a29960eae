package im.parley.loadtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class CommandLineTest {
  private final StringWriter printed = new StringWriter();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "connect",
        "direct",
        "room",
        "broadcast",
        "ping",
        "expire",
        "storm",
        "churn",
        "scale"
      })
  void every_scenario_has_help(String scenario) {
    assertThat(run(scenario, "--help")).isZero();
    assertThat(printed.toString()).contains("--target", "--server-pid", "--sources");
  }

  @Test
  void a_value_that_cannot_be_is_refused_with_what_was_expected() {
    assertThat(run("connect", "-c", "0")).isEqualTo(ExitCode.USAGE);
    assertThat(printed.toString()).contains("--connections 0: expected at least 1");
  }

  @Test
  void a_target_that_is_none_is_refused() {
    assertThat(run("direct", "-u", "127.0.0.1:8089")).isEqualTo(ExitCode.USAGE);
    assertThat(printed.toString()).contains("expected ws://host:port/path");
  }

  @Test
  void a_time_needs_its_unit() {
    assertThat(run("connect", "-d", "10")).isEqualTo(ExitCode.USAGE);
    assertThat(printed.toString()).contains("10: expected a time as 500ms, 30s, 5m or 1h");
  }

  @Test
  void verify_needs_servers_of_its_own_or_of_somebody_else() {
    assertThat(run("verify")).isEqualTo(ExitCode.USAGE);
    assertThat(printed.toString()).contains("--target", "--cluster", "--check");
  }

  @Test
  void a_fault_that_is_none_is_refused_with_those_that_are(@TempDir Path out) {
    assertThat(run("verify", "--cluster", "1", "--faults", "flood", "-o", out.toString()))
        .isEqualTo(ExitCode.USAGE);
    assertThat(printed.toString()).contains("fault flood: expected [kill, pause, partition");
  }

  @Test
  void a_cluster_with_the_embedded_store_is_refused(@TempDir Path out) {
    assertThat(run("verify", "--cluster", "3", "--store", "sqlite", "-o", out.toString()))
        .isEqualTo(ExitCode.USAGE);
    assertThat(printed.toString()).contains("--store sqlite: expected redis for 3 nodes");
  }

  @Test
  void a_jar_that_is_not_there_is_named(@TempDir Path out) {
    assertThat(run("verify", "--cluster", "1", "--server-jar", "no.jar", "-o", out.toString()))
        .isEqualTo(ExitCode.USAGE);
    assertThat(printed.toString()).contains("no.jar", "mvn -DskipTests package");
  }

  @Test
  void a_builtin_fault_needs_servers_that_were_started_here(@TempDir Path out) {
    assertThat(
            run("verify", "-u", "ws://127.0.0.1:1/acc", "--faults", "kill", "-o", out.toString()))
        .isEqualTo(ExitCode.USAGE);
    assertThat(printed.toString()).contains("fault kill: expected --cluster");
  }

  @Test
  void a_bench_of_nothing_is_refused() {
    assertThat(run("bench", "--rounds", "0")).isEqualTo(ExitCode.USAGE);
    assertThat(run("bench", "growth", "--rate", "0")).isEqualTo(ExitCode.USAGE);
    assertThat(printed.toString())
        .contains("--rounds 0: expected at least 1", "--rate 0.0: expected more than 0");
  }

  @Test
  void a_variant_that_is_none_is_refused_before_anything_runs() {
    assertThat(run("bench", "variants", "fast")).isEqualTo(ExitCode.USAGE);
    assertThat(printed.toString()).contains("variant fast: expected standard");
  }

  @Test
  void the_variants_that_are_named_take_the_place_of_the_standard_ones() {
    CommandLine bench = Main.commandLine();
    bench.parseArgs("bench", "variants", "zgc", "nio");
    CommandLine variants = bench.getSubcommands().get("bench").getSubcommands().get("variants");
    List<String> names = variants.getCommandSpec().positionalParameters().get(0).getValue();
    assertThat(names).containsExactly("zgc", "nio");
  }

  @Test
  void the_readme_has_every_option_of_every_command() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    List<CommandLine> commands = new ArrayList<>(Main.commandLine().getSubcommands().values());
    commands.addAll(Main.commandLine().getSubcommands().get("bench").getSubcommands().values());
    for (CommandLine command : commands) {
      for (OptionSpec option : command.getCommandSpec().options()) {
        if (!option.hidden() && !option.usageHelp() && !option.versionHelp()) {
          assertThat(readme)
              .as(command.getCommandName())
              .contains("`" + option.longestName() + "`");
        }
      }
    }
  }

  private int run(String... arguments) {
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(printed, true));
    commandLine.setErr(new PrintWriter(printed, true));
    return commandLine.execute(arguments);
  }
}
