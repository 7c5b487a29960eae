package im.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Signals to processes. */
public final class Signals {
  private Signals() {}

  /** Sends {@code signal}, such as TERM; after STOP, none of the threads runs any more. */
  public static void send(String signal, Process process) {
    String pid = String.valueOf(process.pid());
    try {
      assertThat(new ProcessBuilder("kill", "-" + signal, pid).start().waitFor()).isZero();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError("kill -" + signal, e);
    }
    if (signal.equals("STOP")) {
      Waiting.until("it has stopped", () -> stopped(pid));
    }
  }

  /** Of each thread Linux tells the state after the name, which stands in brackets. */
  private static boolean stopped(String pid) {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      for (Path thread : threads.toList()) {
        String stat = Files.readString(thread.resolve("stat"));
        if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
          return false;
        }
      }
      return true;
    } catch (IOException oneEnded) {
      return false;
    }
  }
}
