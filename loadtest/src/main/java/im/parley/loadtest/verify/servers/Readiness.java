package im.parley.loadtest.verify.servers;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for servers that are starting. */
final class Readiness {
  private static final long BETWEEN_MILLIS = 20;

  private Readiness() {}

  /**
   * Asks until it is so.
   *
   * @throws IOException if it is not within {@code patience}, or the process ended
   */
  static void await(String name, Process process, Duration patience, BooleanSupplier ready)
      throws IOException, InterruptedException {
    long begun = System.nanoTime();
    while (!ready.getAsBoolean()) {
      if (process.waitFor(BETWEEN_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new IOException(name + " ended with " + process.exitValue() + " before it was ready");
      }
      if (System.nanoTime() - begun > patience.toNanos()) {
        throw new IOException(name + " was not ready within " + patience.toSeconds() + " s");
      }
    }
  }
}
