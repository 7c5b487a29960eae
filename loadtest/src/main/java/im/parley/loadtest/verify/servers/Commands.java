package im.parley.loadtest.verify.servers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Programs that are run to their end. */
final class Commands {
  private Commands() {}

  /**
   * Runs a program.
   *
   * @throws IOException with what it printed, if it ended with anything but 0
   */
  static String run(String... command) throws IOException, InterruptedException {
    return run(List.of(command));
  }

  static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    if (code != 0) {
      throw new IOException(
          String.join(" ", command) + " ended with " + code + ": " + printed.strip());
    }
    return printed.strip();
  }

  /** Sends a signal, such as {@code STOP}. */
  static void signal(String name, Process process) throws IOException, InterruptedException {
    run("kill", "-" + name, String.valueOf(process.pid()));
  }
}
