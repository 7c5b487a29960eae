package im.parley.loadtest.floor;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the connections of one event loop share. Event loop only, but for {@link #users}. */
final class FloorLoop {
  final EventLoop eventLoop;

  // Any thread: each value is used on its own event loop only
  final Map<String, FloorConnection> users;

  // Event loop only
  private final Set<FloorConnection> members = new LinkedHashSet<>();
  private List<FloorConnection> dirty = new ArrayList<>();
  private List<FloorConnection> flushing = new ArrayList<>();
  private boolean scheduled;

  FloorLoop(EventLoop eventLoop, Map<String, FloorConnection> users) {
    this.eventLoop = eventLoop;
    this.users = users;
  }

  void add(FloorConnection member) {
    members.add(member);
  }

  void remove(FloorConnection member) {
    members.remove(member);
  }

  /** The frame to all logged-in connections of this loop but one, then released. Any thread. */
  void broadcast(ByteBuf frame, FloorConnection except) {
    eventLoop.execute(
        () -> {
          for (FloorConnection member : members) {
            if (member != except) {
              member.write(frame.retainedDuplicate());
            }
          }
          frame.release();
        });
  }

  void markDirty(FloorConnection connection) {
    dirty.add(connection);
    if (!scheduled) {
      scheduled = true;
      eventLoop.execute(this::flush);
    }
  }

  private void flush() {
    scheduled = false;
    List<FloorConnection> batch = dirty;
    dirty = flushing;
    flushing = batch;
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).flushWritten();
    }
    batch.clear();
  }
}
