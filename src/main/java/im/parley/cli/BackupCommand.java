package im.parley.cli;

import im.parley.config.Config;
import im.parley.config.LogConfig;
import im.parley.store.sqlite.SqliteBackup;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Copies the embedded store into one file, while a node runs or not. */
@Command(
    name = "backup",
    description = "Copy the embedded store into one file, consistent even while a node runs.",
    mixinStandardHelpOptions = true)
final class BackupCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private SettingsFlags flags;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "directory of the embedded store (data)")
  private Path data;

  @Parameters(paramLabel = "FILE", description = "where the copy goes")
  private Path file;

  @Override
  public Integer call() throws CommandFailure {
    Config config = flags.load().config();
    Logs.configure(new LogConfig(config.log().format(), "warn"));
    try {
      SqliteBackup.run(data == null ? config.store().data() : data, file);
    } catch (RuntimeException e) {
      throw new CommandFailure("back up", e);
    }
    spec.commandLine().getOut().println("backup written to " + file);
    return 0;
  }
}
