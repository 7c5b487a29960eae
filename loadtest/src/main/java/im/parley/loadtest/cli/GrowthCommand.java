package im.parley.loadtest.cli;

import im.parley.loadtest.bench.Growth;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "growth",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Measure how what Parley costs grows with connections and members.")
final class GrowthCommand implements Callable<Integer> {
  @Mixin private BenchOptions options;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "5000",
      description = "direct messages a second, at every number of connections (${DEFAULT-VALUE})")
  private double rate;

  @Override
  public Integer call() throws Exception {
    String command = " growth --rate %.0f".formatted(rate);
    return BenchOptions.print(
        new Growth(options.plan(1, command), rate, System.err).run(options.launcher()));
  }
}
