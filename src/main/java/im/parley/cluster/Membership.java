package im.parley.cluster;

import java.util.List;

/**
 * The nodes of the cluster. A node's number is drawn at random at its start, so a restarted node is
 * not taken for its former self.
 */
public interface Membership {
  /** This node's number, never 0. */
  long self();

  /** The nodes that are alive as far as this one knows, itself included. Any thread. */
  List<NodeInfo> nodes();

  /** Tells the others what has changed about this node. Any thread. */
  void publish(NodeInfo self);

  /** Adds one who hears of changes, on a thread of the cluster that must not be blocked. */
  void watch(Watcher watcher);

  /** Hears of changes; each is optional. */
  interface Watcher {
    /** A node came. */
    default void joined(long node) {}

    /** A node went, in order or not. {@link Directory} names it no more. */
    default void left(long node) {}

    /** This node was apart from the others and found them again: what they knew of it is gone. */
    default void merged() {}
  }
}
