package im.parley.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.spi.merge.MergingValue;
import com.hazelcast.spi.merge.SplitBrainMergePolicy;

/**
 * Joins two directories that were apart: a topic's nodes are those of both. Each side knows its own
 * nodes and has removed the others, so neither is wrong; Hazelcast's policies would keep one side's
 * entry and lose the other's.
 */
public final class UnionMerge
    implements SplitBrainMergePolicy<long[], MergingValue<long[]>, long[]> {
  @Override
  public long[] merge(MergingValue<long[]> merging, MergingValue<long[]> existing) {
    long[] theirs = merging == null ? null : merging.getDeserializedValue();
    long[] ours = existing == null ? null : existing.getDeserializedValue();
    if (theirs == null || ours == null) {
      return theirs == null ? ours : theirs;
    }
    return NodeSets.union(ours, theirs);
  }

  @Override
  public void writeData(ObjectDataOutput out) {}

  @Override
  public void readData(ObjectDataInput in) {}
}
