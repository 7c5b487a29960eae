package im.parley.loadtest.cli;

import im.parley.loadtest.scenario.Kind;
import im.parley.loadtest.scenario.Options;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "ping",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "As go-stress-testing: one ping a second on each connection, and its table.")
final class PingCommand extends ScenarioCommand {
  @Option(
      names = "-n",
      paramLabel = "N",
      defaultValue = "1",
      description = "pings of each connection (${DEFAULT-VALUE})")
  private int messages;

  @Option(
      names = "--interval",
      paramLabel = "TIME",
      defaultValue = "1s",
      description = "between two pings of a connection (${DEFAULT-VALUE})")
  private Duration interval;

  PingCommand() {
    super(Kind.PING);
  }

  @Override
  void fill(Options options) {
    options.messages = messages;
    options.interval = interval;
  }
}
