package im.parley.loadtest.cli;

import im.parley.loadtest.bench.Bench;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Measure the floor and Parley in turn and print the ratios.",
    subcommands = {VariantsCommand.class, GrowthCommand.class, ProfileCommand.class})
final class BenchCommand implements Callable<Integer> {
  @Mixin private BenchOptions options;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "each measures both once; figures are medians (${DEFAULT-VALUE})")
  private int rounds;

  @Override
  public Integer call() throws Exception {
    Bench bench = new Bench(options.plan(rounds, " --rounds " + rounds), System.err);
    return BenchOptions.print(bench.ratios(options.launcher()));
  }
}
