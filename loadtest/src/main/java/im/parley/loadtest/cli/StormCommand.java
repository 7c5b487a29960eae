package im.parley.loadtest.cli;

import im.parley.loadtest.scenario.Kind;
import im.parley.loadtest.scenario.Options;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "storm",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "All connections drop at once, come back, log in and sync.")
final class StormCommand extends ScenarioCommand {
  @Option(
      names = "--messages",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "backlog: messages that each user sends to the other of its pair before the storm, at most 400 (${DEFAULT-VALUE})")
  private int messages;

  @Option(
      names = "--outstanding",
      paramLabel = "N",
      defaultValue = "64",
      description = "backlog: requests without an answer at any time (${DEFAULT-VALUE})")
  private int outstanding;

  @Option(
      names = "--jitter",
      paramLabel = "TIME",
      defaultValue = "0s",
      description = "each waits a random time up to this before it comes back (${DEFAULT-VALUE})")
  private Duration jitter;

  @Option(
      names = "--kill",
      paramLabel = "PID",
      defaultValue = "0",
      description =
          "all connect to the first target, whose process the storm kills (SIGKILL), and come back to the others")
  private long kill;

  StormCommand() {
    super(Kind.STORM);
  }

  @Override
  void fill(Options options) {
    options.messages = messages;
    options.outstanding = outstanding;
    options.jitter = jitter;
    options.kill = kill;
  }
}
