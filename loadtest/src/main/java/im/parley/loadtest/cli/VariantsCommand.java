package im.parley.loadtest.cli;

import im.parley.loadtest.bench.Bench;
import im.parley.loadtest.bench.Variant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "variants",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Measure Parley alone with other collectors, JDKs, transports or settings.")
final class VariantsCommand implements Callable<Integer> {
  @Mixin private BenchOptions options;
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "VARIANT",
      description =
          "words joined by +: standard, g1, parallel, zgc, serial, jdkN, epoll, io_uring, nio, KEY=VALUE (standard parallel zgc serial jdk17 nio io_uring)")
  private List<String> names = new ArrayList<>(Variant.STANDARD_SET);

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "each measures every variant once; figures are medians (${DEFAULT-VALUE})")
  private int rounds;

  @Option(
      names = "--java",
      paramLabel = "HOME",
      description = "home of a JDK for jdkN, where it is not found by itself; may be repeated")
  private List<Path> jdks = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    List<Variant> variants = variants();
    String command = " variants %s --rounds %d".formatted(String.join(" ", names), rounds);
    Bench bench = new Bench(options.plan(rounds, command), System.err);
    return BenchOptions.print(bench.variants(options.launcher(), variants, jdks));
  }

  private List<Variant> variants() {
    try {
      return names.stream().map(Variant::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage());
    }
  }
}
