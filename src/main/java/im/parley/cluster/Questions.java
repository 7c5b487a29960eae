package im.parley.cluster;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;

/** The questions to one node that have no answer yet. Any thread. */
final class Questions {
  private final Map<Long, Asked> waiting = new ConcurrentHashMap<>();
  private final AtomicInteger size = new AtomicInteger();
  private final int most;
  private volatile String gone;

  private record Asked(Promise<Buffer> answer, long deadline) {}

  Questions(int most) {
    this.most = most;
  }

  /**
   * Asks.
   *
   * @param number of the question, never used before
   * @param deadline as {@link System#nanoTime}
   * @param sent puts it on its way; false when there is no room
   */
  Future<Buffer> ask(long number, long deadline, LongPredicate sent) {
    if (size.incrementAndGet() > most) {
      size.decrementAndGet();
      return busy(most + " questions to that node wait for their answers");
    }
    Promise<Buffer> answer = Promise.promise();
    waiting.put(number, new Asked(answer, deadline));
    if (!sent.test(number) && take(number) != null && gone == null) {
      return busy("too much waits for that node");
    }
    if (gone != null) {
      close(gone);
      answer.tryFail(new NoAnswer(gone));
    }
    return answer.future();
  }

  private static Future<Buffer> busy(String reason) {
    return Future.failedFuture(new Refusal(ErrorCode.BUSY, reason));
  }

  void answered(long number, Buffer answer) {
    Promise<Buffer> promise = take(number);
    if (promise != null) {
      promise.complete(answer);
    }
  }

  void failed(long number, Throwable failure) {
    Promise<Buffer> promise = take(number);
    if (promise != null) {
      promise.fail(failure);
    }
  }

  /** Fails those whose time is over. */
  void expire(long now, String reason) {
    waiting.forEach(
        (number, asked) -> {
          if (now - asked.deadline() >= 0) {
            failed(number, new NoAnswer(reason));
          }
        });
  }

  /** Fails all, and those to come. */
  void close(String reason) {
    gone = reason;
    waiting.keySet().forEach(number -> failed(number, new NoAnswer(reason)));
  }

  int size() {
    return size.get();
  }

  private Promise<Buffer> take(long number) {
    Asked asked = waiting.remove(number);
    if (asked == null) {
      return null;
    }
    size.decrementAndGet();
    return asked.answer();
  }
}
