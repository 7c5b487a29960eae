package im.parley.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/**
 * The command {@code parley}, parent of the others. Exit codes: 0 done, 1 a bug or a failure nobody
 * foresaw, 2 something the caller can put right; doctor ends with 1 when a limit is too low.
 */
@Command(
    name = "parley",
    description = "An instant-messaging server.",
    versionProvider = VersionCommand.class,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class ParleyCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  private ParleyCommand() {}

  /**
   * Runs one command to its end.
   *
   * @return the exit code for the process
   */
  public static int run(String[] args, RunningNode.Starter starter) {
    return new CommandLine(new ParleyCommand())
        .addSubcommand(new ServeCommand(starter))
        .addSubcommand(new TokenCommand())
        .addSubcommand(new ConfigCommand())
        .addSubcommand(new BackupCommand())
        .addSubcommand(new DoctorCommand())
        .addSubcommand(new VersionCommand())
        .addSubcommand(new HelpCommand())
        .setExpandAtFiles(false)
        .setParameterExceptionHandler(Mistakes::parameter)
        .setExecutionExceptionHandler(Mistakes::execution)
        .execute(args);
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "no command given");
  }
}
