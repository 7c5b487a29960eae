package im.parley.testing;

import static org.assertj.core.api.Assertions.fail;

import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for results and conditions, with a deadline. */
public final class Waiting {
  private static final long SECONDS = 20;

  private Waiting() {}

  /** The result; a failure fails the test. */
  public static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("expected a result, got " + e, e);
    }
  }

  /** Asks until {@code holds}. */
  public static void until(String condition, BooleanSupplier holds) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        fail("waited in vain until " + condition);
      }
      pause();
    }
  }

  /** Between two questions: asking without end would take a processor from whom it is about. */
  static void pause() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
  }
}
