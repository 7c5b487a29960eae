package im.parley.cluster;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/**
 * Takes frames and questions to other nodes. Any thread.
 *
 * <p>Frames ride in batches; those of one sending thread to one node arrive in order, or are lost
 * together with all that follow until {@link Receiver#overrun}. What waits for a node is bounded in
 * bytes: a stopped node costs at most that, and no other node's frames wait behind it.
 */
public interface PeerBus {
  /** Sends a frame. Lost when too much waits for that node or when it is gone. */
  void send(long node, Buffer frame);

  /**
   * Asks a node.
   *
   * @return its answer; fails when the node is gone, silent for 5 s, too many questions wait for
   *     it, or its answer failed
   */
  Future<Buffer> ask(long node, Buffer question);

  /** Says who takes what comes in; once, before this node is found by others. */
  void receive(Receiver receiver);

  /** Takes what comes from other nodes. Must not block. */
  interface Receiver {
    /** A frame came; those of one node come one after the other, in order. */
    void received(long from, Buffer frame);

    /** A question came. */
    Future<Buffer> asked(long from, Buffer question);

    /** Frames of that node were lost on the way here: sessions here may have missed messages. */
    void overrun(long from);
  }
}
