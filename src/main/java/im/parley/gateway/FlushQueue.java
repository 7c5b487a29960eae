package im.parley.gateway;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;

/**
 * The connections of one event loop that wrote since its last turn. All of them are flushed by one
 * task, so that a burst of writes to a connection is one system call. Holds each connection at most
 * once.
 */
final class FlushQueue {
  private final EventLoop eventLoop;
  // Event loop only
  private List<WebSocketHandler> dirty = new ArrayList<>();
  private List<WebSocketHandler> flushing = new ArrayList<>();
  private boolean scheduled;

  FlushQueue(EventLoop eventLoop) {
    this.eventLoop = eventLoop;
  }

  /** Called once per connection and turn; the connection's own mark tells it. */
  void add(WebSocketHandler connection) {
    dirty.add(connection);
    if (!scheduled) {
      scheduled = true;
      eventLoop.execute(this::flush);
    }
  }

  private void flush() {
    scheduled = false;
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
