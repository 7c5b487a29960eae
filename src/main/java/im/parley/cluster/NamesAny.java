package im.parley.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import com.hazelcast.query.Predicate;
import java.io.IOException;
import java.util.Map;

/** Whether a topic names one of some nodes, or with {@code others} any node but those. */
final class NamesAny implements Predicate<String, long[]>, IdentifiedDataSerializable {
  private boolean others;
  private long[] nodes;

  NamesAny() {}

  private NamesAny(boolean others, long[] nodes) {
    this.others = others;
    this.nodes = nodes;
  }

  static NamesAny of(long... nodes) {
    return new NamesAny(false, nodes);
  }

  static NamesAny but(long... nodes) {
    return new NamesAny(true, nodes);
  }

  @Override
  public boolean apply(Map.Entry<String, long[]> entry) {
    for (long node : entry.getValue()) {
      if (NodeSets.contains(nodes, node) != others) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeBoolean(others);
    out.writeLongArray(nodes);
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    others = in.readBoolean();
    nodes = in.readLongArray();
  }

  @Override
  public int getFactoryId() {
    return DirectoryTypes.FACTORY;
  }

  @Override
  public int getClassId() {
    return DirectoryTypes.NAMES_ANY;
  }
}
