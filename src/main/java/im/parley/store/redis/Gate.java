package im.parley.store.redis;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a bounded number of requests into the store's loop and gives each caller its answer. Any
 * thread.
 */
final class Gate {
  private static final Logger log = LoggerFactory.getLogger(Gate.class);
  private static final long BUSY_RETRY_MS = 250;

  final LongAdder busy = new LongAdder();
  final LongAdder unavailable = new LongAdder();

  private final Loop loop;
  private final int capacity;
  private final AtomicInteger inside = new AtomicInteger();
  private final Promise<Void> emptied = Promise.promise();
  private volatile boolean closed;

  Gate(Loop loop, int capacity) {
    this.loop = loop;
    this.capacity = capacity;
  }

  /** Runs {@code work} on the store's loop; the future completes there. */
  <T> Future<T> enter(Supplier<Future<T>> work) {
    // Counted before looking, so that the closer waits for who has seen it open.
    int now = inside.incrementAndGet();
    if (closed || now > capacity) {
      leave();
      return Future.failedFuture(refusal(now));
    }
    Promise<T> answer = Promise.promise();
    loop.execute(() -> begin(work).onComplete(done -> settle(answer, done)));
    return answer.future();
  }

  /** Requests inside. */
  int inside() {
    return inside.get();
  }

  /** Refuses new requests; completes when those inside have their answers. */
  Future<Void> close() {
    closed = true;
    if (inside.get() == 0) {
      emptied.tryComplete();
    }
    return emptied.future();
  }

  private Refusal refusal(int now) {
    if (closed) {
      unavailable.increment();
      return new Refusal(ErrorCode.STORE_UNAVAILABLE, "the store is closing");
    }
    busy.increment();
    return new Refusal(
        ErrorCode.BUSY, "%d requests wait for redis".formatted(now - 1), BUSY_RETRY_MS);
  }

  private static <T> Future<T> begin(Supplier<Future<T>> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private <T> void settle(Promise<T> answer, AsyncResult<T> done) {
    try {
      if (done.succeeded()) {
        answer.complete(done.result());
      } else {
        answer.fail(refusalOf(done.cause()));
      }
    } catch (RuntimeException | Error e) {
      // One caller's handler must not decide what the others are told.
      log.error("handler of a store request failed", e);
    } finally {
      leave();
    }
  }

  private Refusal refusalOf(Throwable failure) {
    if (!(failure instanceof Refusal refusal)) {
      log.error("store request failed", failure);
      return Refusal.of(failure);
    }
    if (refusal.code() == ErrorCode.STORE_UNAVAILABLE) {
      unavailable.increment();
    }
    return refusal;
  }

  private void leave() {
    if (inside.decrementAndGet() == 0 && closed) {
      emptied.tryComplete();
    }
  }
}
