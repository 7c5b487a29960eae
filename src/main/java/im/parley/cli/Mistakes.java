package im.parley.cli;

import im.parley.config.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns what went wrong into one line on stderr and an exit code. */
final class Mistakes {
  static final int BUG = 1;
  static final int CALLER = 2;

  private Mistakes() {}

  /** A command line that makes no sense. */
  static int parameter(ParameterException mistake, String[] args) {
    CommandLine command = mistake.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    say(command.getErr(), firstLine(mistake.getMessage()) + " (see " + name + " --help)");
    return CALLER;
  }

  /** A command that failed. */
  static int execution(Exception failure, CommandLine command, ParseResult parsed) {
    if (isForeseen(failure)) {
      say(command.getErr(), describe(failure));
      return CALLER;
    }
    failure.printStackTrace(command.getErr());
    return BUG;
  }

  private static boolean isForeseen(Throwable failure) {
    return failure instanceof IllegalArgumentException
        || failure instanceof IOException
        || failure instanceof SQLException
        || failure instanceof CommandFailure;
  }

  /** What happened, in one line. */
  static String describe(Throwable failure) {
    String message = firstLine(String.valueOf(failure.getMessage()));
    if (failure instanceof ConfigException) {
      return message;
    } else if (failure instanceof NoSuchFileException) {
      return "no such file: " + message;
    } else if (failure instanceof AccessDeniedException) {
      return "permission denied: " + message;
    } else if (failure instanceof FileAlreadyExistsException) {
      return "it exists already: " + message;
    }
    String name = failure.getClass().getSimpleName();
    if (failure.getMessage() == null) {
      return name;
    }
    boolean ours = failure.getClass().getName().startsWith("im.parley.");
    return ours || isForeseen(failure) ? message : name + ": " + message;
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  private static void say(PrintWriter err, String line) {
    err.println("parley: " + line);
    err.flush();
  }
}
