package im.parley.loadtest.cli;

import im.parley.loadtest.scenario.Kind;
import picocli.CommandLine.Command;

@Command(
    name = "connect",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Hold connections, logged in and with heartbeats.")
final class ConnectCommand extends ScenarioCommand {
  ConnectCommand() {
    super(Kind.CONNECT);
  }
}
