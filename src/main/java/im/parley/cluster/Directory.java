package im.parley.cluster;

import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;

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

  /** Says where to look up what this node listens to; once, before the first registration. */
  void follow(Local local);

  /** This node listens from now on: its first local listener came. Does not block. */
  void register(String topic);

  /** This node listens no more: its last local listener went. Does not block. */
  void unregister(String topic);

  /** Completes when others find this node under those of {@code topics} that it listens to. */
  Future<Void> settled(Collection<String> topics);

  /** The nodes that listen, as this node knows without asking; null when it would have to ask. */
  long[] known(String topic);

  /**
   * The nodes that listen, from memory when this node knows them.
   *
   * @return fails when there is no answer for 5 s, or when too many questions wait for theirs
   */
  Future<long[]> nodes(String topic);

  /**
   * The nodes that listen, asked anew and after this node's own registration: of two nodes that
   * register and then ask, at least one sees the other.
   *
   * @return fails as that of {@link #nodes}
   */
  Future<long[]> fresh(String topic);

  /**
   * Another node says that it listens to this topic now: what is remembered is asked anew, also if
   * the directory's own news of it are late.
   */
  void forget(String topic);

  /**
   * Those of {@code topics} that only {@code gone} listened to, a node that has just left. To be
   * asked from within {@link Membership.Watcher#left}: its routes are removed once all nodes have
   * the answers to what they asked there.
   */
  Future<List<String>> whereOnly(long gone, Collection<String> topics);

  /** What this node listens to, as it is now. Any thread; must not wait for who registers. */
  interface Local {
    /** All topics, as they are while it is walked. */
    Iterable<String> all();

    /** Whether this node listens. */
    boolean listens(String topic);
  }
}
