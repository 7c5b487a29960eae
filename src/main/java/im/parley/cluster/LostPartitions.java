package im.parley.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.MapPartitionLostListener;
import com.hazelcast.partition.PartitionService;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * Partitions of the directory whose owner went and had no backup, or went together with it: what
 * all nodes had registered there is gone, that of the living too. Any thread.
 */
final class LostPartitions {
  private final PartitionService partitions;
  private final IMap<String, long[]> map;
  private final UUID hearing;
  private final Set<Integer> lost = new HashSet<>(); // guarded by itself

  /** {@code first} is told when one is lost and {@link #take} has not been called since another. */
  LostPartitions(HazelcastInstance hazelcast, IMap<String, long[]> map, Runnable first) {
    this.partitions = hazelcast.getPartitionService();
    this.map = map;
    MapPartitionLostListener listener =
        event -> {
          if (add(event.getPartitionId())) {
            first.run();
          }
        };
    this.hearing = map.addPartitionLostListener(listener);
  }

  private boolean add(int partition) {
    synchronized (lost) {
      return lost.add(partition) && lost.size() == 1;
    }
  }

  /** Those that were lost since the last call. */
  Set<Integer> take() {
    synchronized (lost) {
      Set<Integer> taken = Set.copyOf(lost);
      lost.clear();
      return taken;
    }
  }

  int partitionOf(String topic) {
    return partitions.getPartition(topic).getPartitionId();
  }

  /** Hears no more. */
  void close() {
    map.removePartitionLostListener(hearing);
  }
}
