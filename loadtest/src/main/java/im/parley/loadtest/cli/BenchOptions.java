package im.parley.loadtest.cli;

import im.parley.loadtest.bench.BenchPlan;
import im.parley.loadtest.bench.Launcher;
import im.parley.loadtest.bench.Report;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What every bench takes. The script {@code bench} names the defaults in the environment. */
final class BenchOptions {
  @Option(
      names = "--server-jar",
      paramLabel = "JAR",
      defaultValue = "${env:LOADTEST_SERVER_JAR:-target/parley.jar}",
      description = "Parley's jar (${DEFAULT-VALUE})")
  private Path serverJar;

  @Option(
      names = "--launcher",
      paramLabel = "FILE",
      defaultValue = "${env:LOADTEST_LAUNCHER:-parley}",
      description = "the checkout's, which names the flags of a node's JVM (${DEFAULT-VALUE})")
  private Path launcher;

  @Option(
      names = {"-c", "--connections"},
      paramLabel = "N",
      defaultValue = "15000",
      description = "of the memory, connect and broadcast figures (${DEFAULT-VALUE})")
  int connections;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "DIR",
      defaultValue = "${env:LOADTEST_OUT:-loadtest/out}",
      description = "reports, logs and the servers' data go there (${DEFAULT-VALUE})")
  private Path out;

  @Option(
      names = "--commit",
      paramLabel = "ID",
      defaultValue = "${env:LOADTEST_COMMIT:-unknown}",
      description = "of the server, for the report")
  private String commit;

  /**
   * @param command that repeats it, after {@code ./parley bench}
   */
  BenchPlan plan(int rounds, String command) {
    return new BenchPlan(
        serverJar,
        connections,
        rounds,
        out,
        commit,
        "./parley bench%s --connections %d".formatted(command, connections));
  }

  Launcher launcher() {
    return new Launcher(launcher);
  }

  static int print(Report report) {
    report.print(System.out);
    if (!report.invalid().isEmpty()) {
      return ExitCode.SATURATED;
    }
    return report.isComplete() ? ExitCode.OK : ExitCode.UNCLEAN;
  }
}
