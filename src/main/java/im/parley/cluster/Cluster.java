package im.parley.cluster;

import io.vertx.core.Future;

/** What one node has of its cluster: who is there, who listens to what, and the way to them. */
public interface Cluster {
  /** The nodes. */
  Membership membership();

  /** Who listens to what. */
  Directory directory();

  /** The way to the other nodes. */
  PeerBus bus();

  /** Whether there can be other nodes at all. */
  boolean isShared();

  /** Takes part: others can reach this node from now on. The bus has its receiver by then. */
  Future<Void> open();

  /** Leaves in order: takes back this node's routes. Its sessions are gone by then. */
  Future<Void> leave();
}
