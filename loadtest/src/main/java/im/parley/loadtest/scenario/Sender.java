package im.parley.loadtest.scenario;

import im.parley.loadtest.measure.Counter;
import im.parley.loadtest.measure.LoopMeter;
import im.parley.loadtest.measure.Metric;
import im.parley.loadtest.wire.Connection;
import im.parley.loadtest.wire.Reply;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.ObjLongConsumer;

/**
 * Requests from the loop's connections in turn: with a fixed number outstanding (closed loop), or
 * at a fixed rate whatever the answers do (open loop). Event loop only.
 */
final class Sender {
  private static final int OK = 200;
  private static final int FIRST_RETRYABLE = 1105;
  private static final int LAST_RETRYABLE = 1107;
  private static final long BACK_OFF_NANOS = 10_000_000;

  private final LoopContext context;
  private final LoopMeter meter;
  private final Fleet fleet;
  private final ObjLongConsumer<Connection> request;
  private final int expected;

  // Event loop only
  private boolean running;
  private Pacer pacer;
  private int credits;
  private Future<?> timer;

  /**
   * @param request sends one, due at the given time
   * @param expected deliveries that each answered request must cause
   */
  Sender(LoopContext context, Fleet fleet, ObjLongConsumer<Connection> request, int expected) {
    this.context = context;
    this.meter = context.meter();
    this.fleet = fleet;
    this.request = request;
    this.expected = expected;
  }

  /** Begins, or goes on: with {@code --rate}, else with {@code --outstanding}. */
  void start() {
    if (running) {
      return;
    }
    begin();
    Options options = context.options();
    if (options.rate > 0) {
      startAt(context.share(options.rate), options.ramp);
    } else {
      credits = context.portion(options.outstanding);
      sendCredits();
    }
  }

  void startAt(double perSecond, Duration ramp) {
    begin();
    // Loops that began in the same millisecond must not send in the same one ever after.
    long offset = perSecond > 0 ? (long) (1e9 / perSecond * context.index() / context.count()) : 0;
    pacer = new Pacer(perSecond, ramp, System.nanoTime() + offset);
  }

  private void begin() {
    running = true;
    if (timer == null) {
      timer = context.every(1, this::sendDue);
    }
  }

  /** What was due until now is still sent. */
  void stop() {
    if (pacer != null) {
      sendDue();
    }
    running = false;
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  private void sendDue() {
    if (!running) {
      return;
    }
    if (pacer == null) {
      sendCredits();
      return;
    }
    long now = System.nanoTime();
    while (pacer.isDue(now)) {
      long due = pacer.take();
      if (now - due > context.options().maxLag.toNanos()) {
        meter.count(Counter.LATE);
      }
      Connection from = fleet.next();
      if (from == null) {
        meter.count(Counter.LATE);
        continue;
      }
      send(from, due);
    }
  }

  private void sendCredits() {
    while (running && credits > 0) {
      Connection from = fleet.next();
      if (from == null) {
        return;
      }
      credits--;
      send(from, System.nanoTime());
    }
  }

  private void send(Connection from, long due) {
    from.pending++;
    meter.count(Counter.SENT);
    request.accept(from, due);
  }

  void onReply(Connection connection, Reply reply) {
    if (connection.pending > 0) {
      connection.pending--;
    }
    int code = reply.code();
    if (code == OK) {
      meter.count(Counter.ANSWERED);
      meter.count(Counter.EXPECTED, expected);
      meter.record(Metric.ACK, reply.seqTime(), System.nanoTime());
    } else {
      meter.count(Counter.REFUSED);
      meter.code(code);
    }
    if (pacer != null) {
      return;
    }
    if (code >= FIRST_RETRYABLE && code <= LAST_RETRYABLE) {
      context.after(BACK_OFF_NANOS, () -> give(1));
    } else {
      give(1);
    }
  }

  void onPush(Reply reply) {
    long due = reply.marker();
    if (due != 0) {
      meter.count(Counter.DELIVERED);
      meter.record(Metric.DELIVERY, due, System.nanoTime());
    }
  }

  void onClosed(Connection connection) {
    meter.count(Counter.UNANSWERED, connection.pending);
    if (pacer == null) {
      credits += connection.pending;
    }
    connection.pending = 0;
  }

  private void give(int n) {
    credits += n;
    sendCredits();
  }
}
