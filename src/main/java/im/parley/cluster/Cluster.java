package im.parley.cluster;

import io.vertx.core.Future;
import java.time.Duration;

/** What one node has of its cluster: who is there, who listens to what, and the way to them. */
public interface Cluster {
  /** The nodes. */
  Membership membership();

  /** Who listens to what. */
  Directory directory();

  /** The way to the other nodes. */
  PeerBus bus();

  /**
   * Notes an id for {@code life} from now; false when a node had noted it already. At most as many
   * ids are kept as fit: the oldest give way.
   */
  Future<Boolean> firstTime(String id, Duration life);

  /** Whether there can be other nodes at all. */
  boolean isShared();

  /** Takes part: others can reach this node from now on. The bus has its receiver by then. */
  Future<Void> open();

  /** Leaves in order: takes back this node's routes. Its sessions are gone by then. */
  Future<Void> leave();
}
