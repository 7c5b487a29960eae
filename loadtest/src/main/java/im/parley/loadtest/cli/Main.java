package im.parley.loadtest.cli;

import im.parley.loadtest.scenario.Durations;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command line of the load test. */
@Command(
    name = "parley-loadtest",
    mixinStandardHelpOptions = true,
    version = "parley-loadtest 0.1.0",
    description = "Loads a WebSocket chat server from outside and says what it did.",
    footer = {
      "",
      "Exit codes: 0 measured · 1 measured, but something failed or did not arrive · 2 wrong usage",
      "· 3 invalid: generator saturated · 130 interrupted (the report has what there is)"
    },
    subcommands = {
      ConnectCommand.class,
      DirectCommand.class,
      RoomCommand.class,
      BroadcastCommand.class,
      PingCommand.class,
      ExpireCommand.class,
      StormCommand.class,
      ChurnCommand.class,
      ScaleCommand.class,
      FloorCommand.class,
      BenchCommand.class,
      VerifyCommand.class,
      HelpCommand.class
    })
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    // Netty without Unsafe pools no direct memory on newer JDKs; both must be set before it loads.
    System.setProperty("io.netty.noUnsafe", System.getProperty("io.netty.noUnsafe", "false"));
    int code = commandLine().execute(args);
    System.out.flush();
    // Not by returning: a stuck event loop must not keep the process.
    Runtime.getRuntime().halt(code);
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .registerConverter(Duration.class, new Durations())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              command.getErr().println("parley-loadtest: " + failure.getMessage());
              return ExitCode.USAGE;
            });
  }
}
