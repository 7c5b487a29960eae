package im.parley.loadtest.cli;

import im.parley.loadtest.scenario.Kind;
import im.parley.loadtest.scenario.Options;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "churn",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "So many connections a second leave and are replaced.")
final class ChurnCommand extends ScenarioCommand {
  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "100",
      description = "connections replaced a second (${DEFAULT-VALUE})")
  private double rate;

  ChurnCommand() {
    super(Kind.CHURN);
  }

  @Override
  void fill(Options options) {
    options.rate = rate;
  }
}
