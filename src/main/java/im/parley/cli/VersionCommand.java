package im.parley.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says what is running. */
@Command(
    name = "version",
    description = "Print the versions of Parley, the JDK and Vert.x.",
    mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer>, IVersionProvider {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    for (String line : getVersion()) {
      spec.commandLine().getOut().println(line);
    }
    return 0;
  }

  @Override
  public String[] getVersion() throws IOException {
    Properties parley = new Properties();
    try (InputStream in = VersionCommand.class.getResourceAsStream("/parley-version.properties")) {
      parley.load(in);
    }
    String commit = parley.getProperty("commit");
    return new String[] {
      "parley " + parley.getProperty("version") + (commit.isEmpty() ? "" : " (" + commit + ")"),
      "java   "
          + System.getProperty("java.version")
          + " ("
          + System.getProperty("java.vm.name")
          + ")",
      "vert.x " + vertx()
    };
  }

  private static String vertx() throws IOException {
    try (InputStream in =
        VersionCommand.class.getResourceAsStream("/META-INF/vertx/vertx-version.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }
}
