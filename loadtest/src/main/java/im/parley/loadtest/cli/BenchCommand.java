package im.parley.loadtest.cli;

import im.parley.loadtest.bench.Bench;
import im.parley.loadtest.bench.BenchPlan;
import im.parley.loadtest.bench.BenchReport;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Measure the floor and Parley in turn and print the ratios.")
final class BenchCommand implements Callable<Integer> {
  @Option(
      names = "--server-jar",
      paramLabel = "JAR",
      defaultValue = "target/parley.jar",
      description = "Parley's jar (${DEFAULT-VALUE})")
  private Path serverJar;

  @Option(
      names = {"-c", "--connections"},
      paramLabel = "N",
      defaultValue = "15000",
      description = "of the memory, connect and broadcast figures (${DEFAULT-VALUE})")
  private int connections;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "each measures both once; figures are medians (${DEFAULT-VALUE})")
  private int rounds;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "DIR",
      defaultValue = "loadtest/out",
      description = "reports, logs and the servers' data go there (${DEFAULT-VALUE})")
  private Path out;

  @Option(
      names = "--commit",
      paramLabel = "ID",
      defaultValue = "unknown",
      description = "of the server, for the report")
  private String commit;

  @Override
  public Integer call() throws Exception {
    String command = "./parley bench --connections %d --rounds %d".formatted(connections, rounds);
    BenchPlan plan = new BenchPlan(serverJar, connections, rounds, out, commit, command);
    BenchReport report = new Bench(plan, System.err).run();
    report.print(System.out);
    return report.invalid().isEmpty() ? ExitCode.OK : ExitCode.SATURATED;
  }
}
