package im.parley.loadtest.cli;

import im.parley.loadtest.scenario.Kind;
import im.parley.loadtest.scenario.Options;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "expire",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "All connections fall silent; how fast the server removes them.")
final class ExpireCommand extends ScenarioCommand {
  @Option(
      names = "--patience",
      paramLabel = "TIME",
      defaultValue = "10m",
      description =
          "longest wait for the removals; more than the expiry of the server (${DEFAULT-VALUE})")
  private Duration patience;

  ExpireCommand() {
    super(Kind.EXPIRE);
  }

  @Override
  void fill(Options options) {
    options.patience = patience;
  }
}
