package im.parley.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.topic.ITopic;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the routes of nodes that left. The oldest member does it for all, once each member has
 * said that it has read what it needs of them; the others remember the node, so that the next
 * oldest does it again should the oldest leave meanwhile. What then is still there, {@link
 * DirectoryAudit} finds.
 *
 * <p>Removing waits for partitions that move, and they move when a node that was only apart comes
 * back: its new routes may go with the old. So it is told once they are removed, and registers
 * anew; one that is dead does not hear it.
 */
final class DeadRoutes {
  private static final Logger log = LoggerFactory.getLogger(DeadRoutes.class);
  private static final int REMEMBERED = 64;
  private static final String SWEPT = "parley.directory.swept";

  private final HazelcastInstance hazelcast;
  private final IMap<String, long[]> map;
  private final Membership membership;
  private final ITopic<Long> swept; // nodes whose routes were removed
  private final UUID hearing;

  // Guarded by this
  private final Map<Long, Gone> gone = new LinkedHashMap<>();
  private int reading;

  /** {@code restore} registers anew what this node listens to; it must not block. */
  DeadRoutes(
      HazelcastInstance hazelcast,
      IMap<String, long[]> map,
      Membership membership,
      Runnable restore) {
    this.hazelcast = hazelcast;
    this.map = map;
    this.membership = membership;
    this.swept = hazelcast.getTopic(SWEPT);
    this.hearing =
        swept.addMessageListener(
            told -> {
              if (told.getMessageObject() == membership.self()) {
                restore.run();
              }
            });
  }

  /** Hears no more. */
  void close() {
    swept.removeMessageListener(hearing);
  }

  /** A node of which someone said something. */
  private static final class Gone {
    final Set<UUID> readBy = new HashSet<>();
    boolean left; // as this member knows
    boolean due; // its routes may go
  }

  /** A node left. */
  synchronized void left(long node) {
    of(node).left = true;
  }

  /** Someone on this node begins to read what they left. */
  synchronized void beginReading() {
    reading++;
  }

  /** Has read it. */
  synchronized void endReading() {
    reading--;
  }

  /** Whether nobody on this node reads it now. */
  synchronized boolean isRead() {
    return reading == 0;
  }

  /** A member has read what {@code node} left; whether all have now. */
  synchronized boolean read(long node, UUID member) {
    Gone one = of(node);
    one.readBy.add(member);
    return one.left
        && hazelcast.getCluster().getMembers().stream()
            .map(Member::getUuid)
            .allMatch(one.readBy::contains);
  }

  /**
   * Removes {@code node}'s routes and those of others that were due before, if this is the oldest
   * member. Blocks.
   *
   * @return false when it failed
   */
  boolean sweep(long node) {
    try {
      boolean oldest = hazelcast.getCluster().getMembers().iterator().next().localMember();
      long[] nodes = due(node);
      if (!oldest || nodes.length == 0) {
        return true;
      }
      long start = System.nanoTime();
      try {
        map.executeOnEntries(new RemoveNodes(nodes), NamesAny.of(nodes));
      } finally {
        Arrays.stream(nodes).forEach(swept::publishAsync);
      }
      forget(nodes);
      log.info(
          "routes of nodes that left are removed [nodes: {}, ms: {}]",
          nodes.length,
          (System.nanoTime() - start) / 1_000_000);
      return true;
    } catch (RuntimeException e) {
      log.warn("removing the routes of nodes that left failed, it is repeated", e);
      return false;
    }
  }

  private Gone of(long node) {
    Gone known = gone.computeIfAbsent(node, any -> new Gone());
    if (gone.size() > REMEMBERED) {
      gone.remove(gone.keySet().iterator().next());
    }
    return known;
  }

  /** One that is a member again was only apart. */
  private synchronized long[] due(long node) {
    Gone now = gone.get(node);
    if (now != null) {
      now.due = true;
    }
    membership.nodes().forEach(member -> gone.remove(member.id()));
    return gone.entrySet().stream()
        .filter(entry -> entry.getValue().left && entry.getValue().due)
        .mapToLong(Map.Entry::getKey)
        .toArray();
  }

  private synchronized void forget(long[] nodes) {
    for (long node : nodes) {
      gone.remove(node);
    }
  }
}
