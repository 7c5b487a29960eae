package im.parley.cluster;

import io.netty.util.internal.PlatformDependent;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What waits for one node, bounded in bytes. After a loss nothing more is taken until the node has
 * been told: that is the only way that a loss stands at its place in the order of each sending
 * thread.
 */
final class PeerQueue {
  // Any thread
  private final Queue<Frame> frames = PlatformDependent.newMpscQueue();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong losses = new AtomicLong();
  private final long limit;
  private volatile long told;
  private volatile boolean stalled;
  private volatile boolean closed;

  PeerQueue(long limit) {
    this.limit = limit;
  }

  /** Adds a frame; false when there is no room. Any thread. */
  boolean offer(Frame frame) {
    if (closed || losses.get() != told) {
      return false;
    }
    if (bytes.addAndGet(frame.cost()) > limit) {
      bytes.addAndGet(-frame.cost());
      return false;
    }
    frames.add(frame);
    return true;
  }

  /**
   * Says that a frame was lost. To be called after each loss, by the thread that lost it: its next
   * frame is not taken before the node is told. Any thread.
   */
  void lost() {
    losses.incrementAndGet();
  }

  /** Whether it is of use to look at it: false while there is no credit. Any thread. */
  boolean isWatched() {
    return !stalled;
  }

  /** Frames that were lost so far. Any thread. */
  long losses() {
    return losses.get();
  }

  /** Bytes that wait. Any thread. */
  long bytes() {
    return bytes.get();
  }

  /** Takes nothing more. Any thread. */
  void close() {
    closed = true;
  }

  // Event loop only, from here

  /** Whether there is nothing to send and nothing to tell. */
  boolean isIdle() {
    return frames.isEmpty() && losses.get() == told;
  }

  /** The first frame, or null. */
  Frame first() {
    return frames.peek();
  }

  /** Takes the first frame out. */
  void removeFirst() {
    bytes.addAndGet(-frames.remove().cost());
  }

  /** Whether a loss is to be told now: then all that was taken before it has left the queue. */
  boolean tellLoss() {
    // Read before the queue is: what a thread had added before its loss is seen there.
    long seen = losses.get();
    if (seen == told || !frames.isEmpty()) {
      return false;
    }
    told = seen;
    return true;
  }

  /**
   * Whether there is no credit. A thread adds before it asks {@link #isWatched}, and credit is
   * noted before the queue is read: no frame is left lying.
   */
  void stalled(boolean stalled) {
    this.stalled = stalled;
  }

  /** Drops what waits. */
  void clear() {
    while (frames.peek() != null) {
      removeFirst();
    }
  }
}
