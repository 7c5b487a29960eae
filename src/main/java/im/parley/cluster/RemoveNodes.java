package im.parley.cluster;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.Map;

/** Removes nodes from each topic it is applied to; answers nothing, for those may be many. */
final class RemoveNodes
    implements EntryProcessor<String, long[], Void>, IdentifiedDataSerializable {
  private long[] nodes;

  RemoveNodes() {}

  RemoveNodes(long... nodes) {
    this.nodes = nodes;
  }

  @Override
  public Void process(Map.Entry<String, long[]> entry) {
    RemoveNode.remove(entry, nodes);
    return null;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeLongArray(nodes);
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    nodes = in.readLongArray();
  }

  @Override
  public int getFactoryId() {
    return DirectoryTypes.FACTORY;
  }

  @Override
  public int getClassId() {
    return DirectoryTypes.REMOVE_NODES;
  }
}
