package im.parley.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.MapPartitionLostListener;
import com.hazelcast.partition.PartitionService;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers anew what this node listens to when the cluster may have lost it: everything, or what
 * lay in partitions whose owner went and had no backup, or went together with it. A page at a time,
 * so that what is new does not wait behind it. Any thread.
 */
final class Restoration {
  private static final Logger log = LoggerFactory.getLogger(Restoration.class);
  private static final int PAGE = 1_000;

  /** Partitions are lost one after the other; they are gone through together. */
  private static final long COLLECT_MS = 200;

  /** Runs a task that blocks, after some milliseconds. */
  interface Later {
    void run(long millis, Runnable task);
  }

  private final Registrations registrations;
  private final Later later;
  private final PartitionService partitions;
  private final IMap<String, long[]> map;
  private final UUID hearing;
  private final Set<Integer> lost = new HashSet<>(); // guarded by itself
  private volatile Directory.Local local;

  Restoration(
      HazelcastInstance hazelcast,
      IMap<String, long[]> map,
      Registrations registrations,
      Later later) {
    this.registrations = registrations;
    this.later = later;
    this.partitions = hazelcast.getPartitionService();
    this.map = map;
    MapPartitionLostListener listener = event -> lose(event.getPartitionId());
    this.hearing = map.addPartitionLostListener(listener);
  }

  void follow(Directory.Local local) {
    this.local = local;
  }

  /** Registers everything anew; does not wait for it. */
  void all() {
    later.run(0, () -> restore(topic -> true));
  }

  /** Hears of no more losses. */
  void close() {
    map.removePartitionLostListener(hearing);
  }

  private void lose(int partition) {
    synchronized (lost) {
      if (lost.add(partition) && lost.size() == 1) {
        later.run(COLLECT_MS, this::lost);
      }
    }
  }

  private void lost() {
    Set<Integer> now;
    synchronized (lost) {
      now = Set.copyOf(lost);
      lost.clear();
    }
    log.warn(
        "a part of the directory went with nodes that left, this node registers anew"
            + " [partitions: {}]",
        now.size());
    restore(topic -> now.contains(partitions.getPartition(topic).getPartitionId()));
  }

  private void restore(Predicate<String> which) {
    if (local == null) {
      return;
    }
    List<CompletableFuture<Void>> page = new ArrayList<>(PAGE);
    for (String topic : local.all()) {
      if (which.test(topic)) {
        page.add(registrations.restore(topic));
      }
      if (page.size() == PAGE) {
        CompletableFuture.allOf(page.toArray(CompletableFuture[]::new)).join();
        page.clear();
      }
    }
  }
}
