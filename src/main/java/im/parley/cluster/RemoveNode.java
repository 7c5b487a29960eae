package im.parley.cluster;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.Map;

/** Removes a node from a topic, and answers with the topic's nodes then. */
final class RemoveNode
    implements EntryProcessor<String, long[], long[]>, IdentifiedDataSerializable {
  private long node;

  RemoveNode() {}

  RemoveNode(long node) {
    this.node = node;
  }

  @Override
  public long[] process(Map.Entry<String, long[]> entry) {
    return remove(entry, node);
  }

  /** Removes nodes, and the entry when none is left. */
  static long[] remove(Map.Entry<String, long[]> entry, long... nodes) {
    long[] before = entry.getValue();
    if (before == null) {
      return Directory.NOBODY;
    }
    long[] after = NodeSets.without(before, nodes);
    if (after != before) {
      entry.setValue(after.length == 0 ? null : after);
    }
    return after;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeLong(node);
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    node = in.readLong();
  }

  @Override
  public int getFactoryId() {
    return DirectoryTypes.FACTORY;
  }

  @Override
  public int getClassId() {
    return DirectoryTypes.REMOVE_NODE;
  }
}
