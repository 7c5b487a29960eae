package im.parley.loadtest.cli;

import im.parley.loadtest.scenario.Kind;
import im.parley.loadtest.scenario.Options;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "loss",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Kills the node of the first target; how soon do the others call its users offline?")
final class LossCommand extends ScenarioCommand {
  @Option(
      names = "--kill",
      paramLabel = "PID",
      required = true,
      description = "process of the first target, where all but one of each other target connect")
  private long kill;

  @Option(
      names = "--sample",
      paramLabel = "N",
      defaultValue = "500",
      description = "users whose presence is asked (${DEFAULT-VALUE})")
  private int sample;

  @Option(
      names = "--patience",
      paramLabel = "TIME",
      defaultValue = "60s",
      description = "longest wait (${DEFAULT-VALUE})")
  private Duration patience;

  LossCommand() {
    super(Kind.LOSS);
  }

  @Override
  void fill(Options options) {
    options.kill = kill;
    options.sample = sample;
    options.patience = patience;
  }
}
