package im.parley.gateway;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The connections of one event loop that wrote since its last turn. All of them are flushed by one
 * task, so that a burst of writes to a connection is one system call. Holds each connection at most
 * once.
 *
 * <p>When many have written and nothing more waits that could be for them too, they are flushed at
 * once: they are still in the processor's cache, and those who are told first need not wait for the
 * last to be written to.
 */
final class FlushQueue {
  /** Connections whose memory surely fits into the cache. */
  static final int MANY = 64;

  private final EventLoop eventLoop;
  private final BooleanSupplier moreWaits;
  // Event loop only
  private List<WebSocketHandler> dirty = new ArrayList<>();
  private List<WebSocketHandler> flushing = new ArrayList<>();
  private boolean scheduled;

  /** {@code moreWaits} tells whether this turn of the loop has further writes to come. */
  FlushQueue(EventLoop eventLoop, BooleanSupplier moreWaits) {
    this.eventLoop = eventLoop;
    this.moreWaits = moreWaits;
  }

  /** Called once per connection and turn; the connection's own mark tells it. */
  void add(WebSocketHandler connection) {
    dirty.add(connection);
    if (!scheduled) {
      scheduled = true;
      eventLoop.execute(this::flushScheduled);
    }
    if (dirty.size() >= MANY && flushing.isEmpty() && !moreWaits.getAsBoolean()) {
      flush();
    }
  }

  private void flushScheduled() {
    scheduled = false;
    flush();
  }

  private void flush() {
    List<WebSocketHandler> batch = dirty;
    // A flush can fail and make others write: they are of the next turn.
    dirty = flushing;
    flushing = batch;
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).flushWritten();
    }
    batch.clear();
  }
}
