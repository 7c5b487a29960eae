package im.parley.loadtest.cli;

import im.parley.loadtest.scenario.Kind;
import im.parley.loadtest.scenario.Login;
import im.parley.loadtest.scenario.Options;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "scale",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Everything with the same connections: hold, broadcasts to the lobby, direct messages between random pairs, expiry of some, the server's stop.")
final class ScaleCommand extends ScenarioCommand {
  @Option(
      names = "--hold",
      paramLabel = "TIME",
      defaultValue = "10s",
      description = "only heartbeats, after the connects (${DEFAULT-VALUE})")
  private Duration hold;

  @Option(
      names = "--messages",
      paramLabel = "N",
      defaultValue = "3",
      description = "broadcasts (${DEFAULT-VALUE})")
  private int messages;

  @Option(
      names = "--interval",
      paramLabel = "TIME",
      defaultValue = "5s",
      description = "between them (${DEFAULT-VALUE})")
  private Duration interval;

  @Option(
      names = "--http-url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080",
      description = "base of POST /user/sendMessageAll (${DEFAULT-VALUE})")
  private String httpUrl;

  @Option(
      names = "--outstanding",
      paramLabel = "N",
      defaultValue = "64",
      description = "direct messages without an answer at any time, in all (${DEFAULT-VALUE})")
  private int outstanding;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "0",
      description = "direct messages a second, in place of --outstanding (${DEFAULT-VALUE})")
  private double rate;

  @Option(
      names = "--silent",
      paramLabel = "N",
      defaultValue = "0",
      description = "connections that fall silent before the broadcasts (${DEFAULT-VALUE})")
  private int silent;

  @Option(
      names = "--patience",
      paramLabel = "TIME",
      defaultValue = "10m",
      description = "longest wait for their removal, and for the stop (${DEFAULT-VALUE})")
  private Duration patience;

  @Option(
      names = "--until-stopped",
      description = "last, wait until the server, stopped by somebody else, has closed all")
  private boolean untilStopped;

  ScaleCommand() {
    super(Kind.SCALE);
  }

  @Override
  void fill(Options options) {
    options.hold = hold;
    options.messages = messages;
    options.interval = interval;
    options.httpUrl = httpUrl;
    options.outstanding = outstanding;
    options.rate = rate;
    options.silent = silent;
    options.patience = patience;
    options.untilStopped = untilStopped;
    if (options.login == Login.NATIVE) {
      // A native login on one of prim's platforms is in that app's lobby.
      options.platform = Integer.toString(options.appId);
    }
  }
}
