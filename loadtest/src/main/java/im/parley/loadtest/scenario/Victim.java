package im.parley.loadtest.scenario;

import java.util.concurrent.TimeUnit;

/** The server process that a scenario kills, with SIGKILL. */
final class Victim {
  // All loops must have begun the phase before the first connection ends.
  private static final long DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private Victim() {}

  /**
   * To be called by each loop as its phase begins; the first one kills, a moment later.
   *
   * @return when that will be, {@link System#nanoTime()}
   */
  static long kill(LoopContext context) {
    if (context.index() == 0) {
      long pid = context.options().kill;
      context.after(
          DELAY_NANOS, () -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }
    return System.nanoTime() + DELAY_NANOS;
  }
}
