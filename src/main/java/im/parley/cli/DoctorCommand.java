package im.parley.cli;

import im.parley.cli.doctor.Examination;
import im.parley.cli.doctor.Jvm;
import im.parley.cli.doctor.SystemFiles;
import im.parley.cli.doctor.Wish;
import im.parley.config.Config;
import im.parley.config.LogConfig;
import im.parley.http.HttpOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Says what of this machine is too small for a number of connections, and how to change it. */
@Command(
    name = "doctor",
    description =
        "Say which limits of this machine are too low for a number of connections, and what changes them. Exit code 0: none, 1: some. Takes the settings of serve.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  private static final long MOST = 100_000_000;

  @Spec private CommandSpec spec;
  @Mixin private NodeFlags flags;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "at the same time (gateway.max-connections)")
  private Long connections;

  @Option(
      names = "--client-addresses",
      paramLabel = "N",
      defaultValue = "0",
      description = "that they come from, if only few, as the proxies in front (0: many)")
  private int clientAddresses;

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  @Option(names = "--root", paramLabel = "DIR", hidden = true, defaultValue = "/")
  private Path root;

  @Override
  public Integer call() {
    Config config = flags.load().config();
    long wished = connections == null ? config.gateway().maxConnections() : connections;
    expect(wished >= 1 && wished <= MOST, "--connections " + wished + ": expected 1 to " + MOST);
    expect(clientAddresses >= 0, "--client-addresses " + clientAddresses + ": expected at least 0");
    // What the libraries say of themselves would stand among the findings.
    Logs.configure(new LogConfig(config.log().format(), "error"));
    Wish wish =
        new Wish(
            wished,
            config.server().wsPorts().size(),
            clientAddresses,
            HttpOptions.ACCEPT_BACKLOG,
            config.gateway().heartbeat().toSeconds());
    Examination examination = Examination.of(new SystemFiles(root), Jvm.current(), wish);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(examination.json().encodePrettily());
    } else {
      examination.print(out);
    }
    out.flush();
    return examination.isFine() ? 0 : 1;
  }

  private void expect(boolean ok, String otherwise) {
    if (!ok) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }
}
