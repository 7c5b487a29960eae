package im.parley.loadtest.verify.fault;

import java.io.IOException;

/**
 * A fault of the user's own: two shell commands.
 *
 * @param begin is run to its end, and must end with 0
 * @param end undoes it
 */
public record CommandFault(String name, String begin, String end) {
  /**
   * Reads {@code NAME=BEGIN;;END}.
   *
   * @throws IllegalArgumentException naming what was given and what was expected
   */
  public static CommandFault parse(String text) {
    int equals = text.indexOf('=');
    int middle = text.indexOf(";;");
    if (equals < 1 || middle < equals) {
      throw new IllegalArgumentException("--command " + text + ": expected NAME=BEGIN;;END");
    }
    return new CommandFault(
        text.substring(0, equals), text.substring(equals + 1, middle), text.substring(middle + 2));
  }

  /** Once of it. */
  public Fault once() {
    CommandFault commands = this;
    return new Fault() {
      @Override
      public String name() {
        return commands.name();
      }

      @Override
      public boolean epochsMayChange() {
        return false;
      }

      @Override
      public void begin() throws IOException, InterruptedException {
        shell(commands.begin());
      }

      @Override
      public void end() throws IOException, InterruptedException {
        shell(commands.end());
      }
    };
  }

  private static void shell(String command) throws IOException, InterruptedException {
    int code = new ProcessBuilder("sh", "-c", command).inheritIO().start().waitFor();
    if (code != 0) {
      throw new IOException("`" + command + "` ended with " + code);
    }
  }
}
