package im.parley.auth;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that check public-key signatures and parse key sets, so that a storm of logins slows
 * logins and not the messages of those who are in. Any thread.
 */
final class VerificationThreads {
  /** Under a second of work on one thread at the slowest algorithm, ES256 (0.7 ms on JDK 17). */
  static final int MAX_WAITING = 1_024;

  private static final int THREADS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

  private final WorkerExecutor executor;
  private final int maxWaiting;
  private final AtomicInteger waiting = new AtomicInteger();

  VerificationThreads(Vertx vertx) {
    this(vertx, MAX_WAITING);
  }

  VerificationThreads(Vertx vertx, int maxWaiting) {
    this.executor = vertx.createSharedWorkerExecutor("parley-auth", THREADS, 10, TimeUnit.SECONDS);
    this.maxWaiting = maxWaiting;
  }

  /**
   * What {@code work} returns or throws. For reading keys: {@link CachedKeys} has one at a time, so
   * nothing counts them.
   */
  <T> Future<T> load(Callable<T> work) {
    return executor.executeBlocking(work, false);
  }

  /**
   * What {@code work} returns or throws, on the caller's context; {@link ErrorCode#BUSY} if too
   * much waits already.
   */
  <T> Future<T> run(Callable<T> work) {
    if (waiting.incrementAndGet() > maxWaiting) {
      waiting.decrementAndGet();
      return Future.failedFuture(
          new Refusal(
              ErrorCode.BUSY,
              "more than " + maxWaiting + " tokens wait to be verified, expected a later try"));
    }
    return executor.executeBlocking(
        () -> {
          try {
            return work.call();
          } finally {
            waiting.decrementAndGet();
          }
        },
        false);
  }
}
