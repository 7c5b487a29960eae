package im.parley.cli;

import java.util.concurrent.CompletableFuture;
import sun.misc.Signal;

/**
 * Waits for SIGTERM or SIGINT. The JVM's own answer to them ends in exit code 143 or 130 even after
 * an orderly stop; taken here, the process ends with the code that its command returns. A second
 * signal ends it at once.
 */
final class StopSignal {
  private final CompletableFuture<String> first = new CompletableFuture<>();

  private StopSignal() {}

  static StopSignal install() {
    StopSignal stop = new StopSignal();
    Signal.handle(new Signal("TERM"), stop::handle);
    Signal.handle(new Signal("INT"), stop::handle);
    return stop;
  }

  private void handle(Signal signal) {
    if (!first.complete("SIG" + signal.getName())) {
      Runtime.getRuntime().halt(128 + signal.getNumber());
    }
  }

  /** Blocks until a signal came, and names it. */
  String await() {
    return first.join();
  }
}
