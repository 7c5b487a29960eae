package im.parley.gateway;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * The connections of one event loop that sent their close frame, in that order, and one timer for
 * all of them: whoever has not gone by the timeout is closed without further words. Holds a
 * connection that went earlier until then.
 */
final class ClosingQueue {
  private record Closing(WebSocketHandler connection, long deadlineNanos) {}

  private final EventLoop eventLoop;
  private final long timeoutNanos;
  // Event loop only
  private final Deque<Closing> queue = new ArrayDeque<>();

  ClosingQueue(EventLoop eventLoop, Duration timeout) {
    this.eventLoop = eventLoop;
    this.timeoutNanos = timeout.toNanos();
  }

  void add(WebSocketHandler connection) {
    boolean idle = queue.isEmpty();
    queue.add(new Closing(connection, now() + timeoutNanos));
    if (idle) {
      eventLoop.schedule(this::expire, timeoutNanos, TimeUnit.NANOSECONDS);
    }
  }

  private void expire() {
    long now = now();
    while (!queue.isEmpty() && queue.peek().deadlineNanos() - now <= 0) {
      queue.poll().connection().closeNow();
    }
    if (!queue.isEmpty()) {
      eventLoop.schedule(this::expire, queue.peek().deadlineNanos() - now, TimeUnit.NANOSECONDS);
    }
  }

  private long now() {
    return eventLoop.ticker().nanoTime();
  }
}
