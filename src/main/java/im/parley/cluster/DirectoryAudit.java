package im.parley.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.partition.Partition;
import com.hazelcast.partition.PartitionService;
import com.hazelcast.query.Predicate;
import com.hazelcast.query.Predicates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the directory with what this node listens to, and repairs it. One of Hazelcast's
 * partitions is one step, so that a round is spread over its time and a step reads about a thousand
 * topics. What differs is looked at once more before it counts, since registrations go on
 * meanwhile.
 *
 * <p>In the partitions that this node keeps it also removes nodes that were no members in two
 * rounds: one that was none just now may be about to join.
 */
final class DirectoryAudit {
  private static final Logger log = LoggerFactory.getLogger(DirectoryAudit.class);

  private final IMap<String, long[]> map;
  private final PartitionService partitions;
  private final Membership membership;
  private final Registrations registrations;
  private final LongAdder missing = new LongAdder();
  private final LongAdder surplus = new LongAdder();
  private final LongAdder dead = new LongAdder();
  private volatile Directory.Local local;

  // Guarded by this: one step at a time
  private final Map<Integer, List<String>> listened = new HashMap<>(); // by partition, of a round
  private final Map<Integer, String> keys = new HashMap<>(); // any key of a partition
  private Set<Long> strangers = new HashSet<>(); // no members, in this round
  private Set<Long> strangersBefore = Set.of(); // and in the one before
  private int next;

  DirectoryAudit(
      HazelcastInstance hazelcast,
      IMap<String, long[]> map,
      Membership membership,
      Registrations registrations) {
    this.map = map;
    this.partitions = hazelcast.getPartitionService();
    this.membership = membership;
    this.registrations = registrations;
  }

  void follow(Directory.Local local) {
    this.local = local;
  }

  /** Begins; a round takes about {@code round}. */
  void every(Duration round, ScheduledExecutorService thread) {
    long pause = Math.max(1, round.toMillis() / partitions.getPartitions().size());
    thread.scheduleWithFixedDelay(this::step, pause, pause, TimeUnit.MILLISECONDS);
  }

  /** A whole round, from its beginning. Blocks. */
  synchronized void round() {
    next = 0;
    do {
      step();
    } while (next != 0);
  }

  private synchronized void step() {
    try {
      if (local == null) {
        return;
      }
      if (next == 0) {
        begin();
      }
      String key = keys.get(next);
      Partition partition = partitions.getPartition(key);
      next = (next + 1) % partitions.getPartitions().size();
      compare(key, listened.remove(partition.getPartitionId()));
      Member owner = partition.getOwner();
      if (owner != null && owner.localMember()) {
        bury(key);
      }
    } catch (RuntimeException e) {
      log.warn("auditing a partition of the directory failed, the next round will", e);
    }
  }

  private void begin() {
    strangersBefore = strangers;
    strangers = new HashSet<>();
    listened.clear();
    for (String topic : local.all()) {
      listened.computeIfAbsent(partitionOf(topic), partition -> new ArrayList<>()).add(topic);
    }
    for (int i = 0; keys.size() < partitions.getPartitions().size(); i++) {
      String key = Integer.toString(i);
      keys.putIfAbsent(partitionOf(key), key);
    }
  }

  private int partitionOf(String topic) {
    return partitions.getPartition(topic).getPartitionId();
  }

  /** This node's routes in one partition. */
  private void compare(String key, List<String> mine) {
    long self = membership.self();
    Set<String> listed = map.keySet(in(key, NamesAny.of(self)));
    Set<String> doubtful = new HashSet<>();
    if (mine != null) {
      mine.stream().filter(topic -> !listed.contains(topic)).forEach(doubtful::add);
    }
    listed.stream().filter(topic -> !local.listens(topic)).forEach(doubtful::add);
    if (doubtful.isEmpty()) {
      return;
    }
    Map<String, long[]> looked = map.getAll(doubtful);
    for (String topic : doubtful) {
      boolean is = NodeSets.contains(looked.getOrDefault(topic, Directory.NOBODY), self);
      if (is != local.listens(topic) && !registrations.isPending(topic)) {
        (is ? surplus : missing).increment();
        registrations.restore(topic);
      }
    }
  }

  /** Nodes long gone, in one partition that is kept here. */
  private void bury(String key) {
    long[] members = membership.nodes().stream().mapToLong(NodeInfo::id).toArray();
    Set<Map.Entry<String, long[]>> named = map.entrySet(in(key, NamesAny.but(members)));
    for (Map.Entry<String, long[]> topic : named) {
      for (long node : NodeSets.without(topic.getValue(), members)) {
        strangers.add(node);
      }
    }
    long[] gone =
        strangers.stream().filter(strangersBefore::contains).mapToLong(Long::longValue).toArray();
    if (gone.length == 0) {
      return;
    }
    long topics = named.stream().filter(NamesAny.of(gone)::apply).count();
    if (topics > 0) {
      dead.add(topics);
      map.executeOnEntries(new RemoveNodes(gone), in(key, NamesAny.of(gone)));
    }
  }

  private static Predicate<String, long[]> in(String key, NamesAny which) {
    return Predicates.partitionPredicate(key, which);
  }

  /** Routes of this node that were not there. */
  long missing() {
    return missing.sum();
  }

  /** Routes to this node that it did not want. */
  long surplus() {
    return surplus.sum();
  }

  /** Topics that named nodes long gone. */
  long dead() {
    return dead.sum();
  }
}
