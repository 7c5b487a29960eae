package im.parley.loadtest.cli;

import im.parley.loadtest.scenario.Kind;
import im.parley.loadtest.scenario.Options;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "direct",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Pairs of users write to each other; each message must be acknowledged and delivered.")
final class DirectCommand extends ScenarioCommand {
  @Option(
      names = "--outstanding",
      paramLabel = "N",
      defaultValue = "64",
      description =
          "closed loop: requests without an answer at any time, in all (${DEFAULT-VALUE})")
  private int outstanding;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "open loop: requests a second in all, sent on time whatever the answers do; 0 for the closed loop (${DEFAULT-VALUE})")
  private double rate;

  @Option(names = "--one-way", description = "only users with an even number write")
  private boolean oneWay;

  DirectCommand() {
    super(Kind.DIRECT);
  }

  @Override
  void fill(Options options) {
    options.outstanding = outstanding;
    options.rate = rate;
    options.oneWay = oneWay;
  }
}
