package im.parley.loadtest.cli;

import im.parley.loadtest.scenario.Kind;
import im.parley.loadtest.scenario.Options;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "broadcast",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "One message to all at a time; the time from the send to each receiver.")
final class BroadcastCommand extends ScenarioCommand {
  @Option(
      names = "--messages",
      paramLabel = "N",
      defaultValue = "10",
      description = "broadcasts (${DEFAULT-VALUE})")
  private int messages;

  @Option(
      names = "--interval",
      paramLabel = "TIME",
      defaultValue = "1s",
      description = "between them (${DEFAULT-VALUE})")
  private Duration interval;

  @Option(
      names = "--http-url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080",
      description = "for --login prim: base of POST /user/sendMessageAll (${DEFAULT-VALUE})")
  private String httpUrl;

  BroadcastCommand() {
    super(Kind.BROADCAST);
  }

  @Override
  void fill(Options options) {
    options.messages = messages;
    options.interval = interval;
    options.httpUrl = httpUrl;
  }
}
