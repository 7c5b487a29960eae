package im.parley.cluster;

import io.vertx.core.Future;

/**
 * Which nodes listen to a topic. A hint: a stale answer costs a late push, never a message. Nodes
 * are the numbers of {@link Membership}; those that are no members any more are never named. Any
 * thread; futures may complete on any thread.
 *
 * <p>What one node does to one topic takes effect in the order of its calls.
 */
public interface Directory {
  /** The answer for a topic that nobody listens to; arrays are shared and not to be changed. */
  long[] NOBODY = {};

  /** This node listens from now on: its first local listener came. */
  void register(String topic);

  /** This node listens no more: its last local listener went. */
  void unregister(String topic);

  /** The nodes that listen, as this node knows without asking; null when it would have to ask. */
  long[] known(String topic);

  /** The nodes that listen, from memory when this node knows them. */
  Future<long[]> nodes(String topic);

  /**
   * The nodes that listen, asked anew and after this node's own registration: of two nodes that
   * register and then ask, at least one sees the other.
   */
  Future<long[]> fresh(String topic);
}
