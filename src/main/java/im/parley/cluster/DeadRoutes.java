package im.parley.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the routes of nodes that left. The oldest member does it for all; the others remember the
 * node, so that the next oldest does it again should the oldest leave meanwhile. What then is still
 * there, {@link DirectoryAudit} finds.
 */
final class DeadRoutes {
  private static final Logger log = LoggerFactory.getLogger(DeadRoutes.class);
  private static final int REMEMBERED = 64;

  private final HazelcastInstance hazelcast;
  private final IMap<String, long[]> map;
  private final Membership membership;
  private final Set<Long> gone = new LinkedHashSet<>(); // guarded by this
  private final ReadWriteLock readers = new ReentrantReadWriteLock();

  DeadRoutes(HazelcastInstance hazelcast, IMap<String, long[]> map, Membership membership) {
    this.hazelcast = hazelcast;
    this.map = map;
    this.membership = membership;
  }

  synchronized void left(long node) {
    gone.add(node);
    if (gone.size() > REMEMBERED) {
      gone.remove(gone.iterator().next());
    }
  }

  /** Reads what they left; on this node it is not removed meanwhile. Blocks. */
  <T> T reading(Supplier<T> reading) {
    readers.readLock().lock();
    try {
      return reading.get();
    } finally {
      readers.readLock().unlock();
    }
  }

  /**
   * Removes their routes, if this is the oldest member. Blocks.
   *
   * @return false when it failed
   */
  boolean sweep() {
    readers.writeLock().lock();
    try {
      boolean oldest = hazelcast.getCluster().getMembers().iterator().next().localMember();
      long[] nodes = gone();
      if (!oldest || nodes.length == 0) {
        return true;
      }
      long start = System.nanoTime();
      map.executeOnEntries(new RemoveNodes(nodes), NamesAny.of(nodes));
      swept(nodes);
      log.info(
          "routes of nodes that left are removed [nodes: {}, ms: {}]",
          nodes.length,
          (System.nanoTime() - start) / 1_000_000);
      return true;
    } catch (RuntimeException e) {
      log.warn("removing the routes of nodes that left failed, it is repeated", e);
      return false;
    } finally {
      readers.writeLock().unlock();
    }
  }

  /** One that is a member again was only apart. */
  private synchronized long[] gone() {
    membership.nodes().forEach(node -> gone.remove(node.id()));
    return gone.stream().mapToLong(Long::longValue).toArray();
  }

  private synchronized void swept(long[] nodes) {
    for (long node : nodes) {
      gone.remove(node);
    }
  }
}
