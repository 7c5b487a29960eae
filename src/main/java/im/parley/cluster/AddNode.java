package im.parley.cluster;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.Map;

/** Adds a node to a topic, and answers with the topic's nodes then. */
final class AddNode implements EntryProcessor<String, long[], long[]>, IdentifiedDataSerializable {
  private long node;

  AddNode() {}

  AddNode(long node) {
    this.node = node;
  }

  @Override
  public long[] process(Map.Entry<String, long[]> entry) {
    long[] before = entry.getValue() == null ? Directory.NOBODY : entry.getValue();
    long[] after = NodeSets.with(before, node);
    if (after != before) {
      entry.setValue(after);
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
    return DirectoryTypes.ADD_NODE;
  }
}
