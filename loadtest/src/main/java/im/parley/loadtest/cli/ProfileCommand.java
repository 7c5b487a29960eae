package im.parley.loadtest.cli;

import im.parley.loadtest.bench.Profile;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "profile",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Record what Parley does and allocates while it connects, delivers direct messages, messages to rooms, and broadcasts.")
final class ProfileCommand implements Callable<Integer> {
  @Mixin private BenchOptions options;

  @Override
  public Integer call() throws Exception {
    return BenchOptions.print(
        new Profile(options.plan(1, " profile"), System.err).run(options.launcher()));
  }
}
