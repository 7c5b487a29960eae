package im.parley.loadtest.scenario;

import im.parley.loadtest.measure.Counter;
import im.parley.loadtest.measure.Metric;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.function.LongConsumer;

/**
 * The messages to all, one at a time by the clock, and what came of them. Only the loop that has
 * connection 0 sends; every loop counts what its connections get. Event loop only.
 */
final class Broadcasts {
  private static final int OK = 200;

  private final LoopContext context;
  private final LongConsumer sender;
  private final int receivers;

  // Event loop only
  private Pacer pacer;
  private int left;
  private Promise<Void> sent;
  private java.util.concurrent.Future<?> timer;

  /**
   * @param sender sends one that was due at the given time
   * @param receivers that each of them must reach
   */
  Broadcasts(LoopContext context, LongConsumer sender, int receivers) {
    this.context = context;
    this.sender = sender;
    this.receivers = receivers;
  }

  /** Sends all of {@code --messages}; done one interval after the last. */
  Future<Void> run() {
    Options options = context.options();
    left = options.messages;
    pacer = new Pacer(1e9 / options.interval.toNanos(), Duration.ZERO, System.nanoTime());
    sent = Promise.promise();
    timer = context.every(1, this::sendDue);
    return sent.future();
  }

  private void sendDue() {
    long now = System.nanoTime();
    while (sent != null && pacer.isDue(now)) {
      long due = pacer.take();
      if (left-- == 0) {
        timer.cancel(false);
        sent.complete();
        sent = null;
        return;
      }
      if (now - due > context.options().maxLag.toNanos()) {
        context.meter().count(Counter.LATE);
      }
      context.meter().count(Counter.SENT);
      sender.accept(due);
    }
  }

  /** The server answered the one that was due then. */
  void answered(int code, long due) {
    if (code == OK) {
      context.meter().count(Counter.ANSWERED);
      context.meter().count(Counter.EXPECTED, receivers);
      context.meter().record(Metric.ACK, due, System.nanoTime());
    } else {
      context.meter().count(Counter.REFUSED);
      context.meter().code(code);
    }
  }

  /** A connection got the one that was due then. */
  void delivered(long due) {
    long now = System.nanoTime();
    context.meter().count(Counter.DELIVERED);
    context.meter().record(Metric.DELIVERY, due, now);
    context.meter().fanout(due, now);
  }
}
