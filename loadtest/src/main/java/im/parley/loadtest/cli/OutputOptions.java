package im.parley.loadtest.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What a run looks at beside the wire, and where its report goes. */
final class OutputOptions {
  @Option(
      names = "--server-pid",
      paramLabel = "PID",
      description = "process of the server: adds its resident memory and CPU (Linux)")
  long serverPid;

  @Option(
      names = "--server-gc",
      description =
          "with --server-pid: force full collections before and after the connects, for bytes per connection")
  boolean serverGc;

  @Option(
      names = "--admin-url",
      paramLabel = "URL",
      description = "base of the server's /metrics, as http://127.0.0.1:8081: adds its heap and GC")
  String adminUrl;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "DIR",
      description =
          "write the report there: NAME.json, NAME.html, and each plot as NAME-….svg and .png")
  Path directory;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "of the report's files (the scenario)")
  String name;

  @Option(names = "--no-progress", description = "print no progress lines")
  boolean quietly;
}
