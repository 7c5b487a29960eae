package im.parley.cluster;

import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;

/**
 * What the directory sends to other members besides strings and arrays of longs. The numbers and
 * the fields of each type are the same in all versions, so that nodes of two versions can be one
 * cluster.
 */
public final class DirectoryTypes implements DataSerializableFactory {
  static final int FACTORY = 8089;
  static final int ADD_NODE = 1;
  static final int REMOVE_NODE = 2;
  static final int REMOVE_NODES = 3;
  static final int NAMES_ANY = 4;

  @Override
  public IdentifiedDataSerializable create(int type) {
    return switch (type) {
      case ADD_NODE -> new AddNode();
      case REMOVE_NODE -> new RemoveNode();
      case REMOVE_NODES -> new RemoveNodes();
      case NAMES_ANY -> new NamesAny();
      default ->
          throw new IllegalArgumentException(
              "type %d of the directory is unknown, expected 1 to 4".formatted(type));
    };
  }
}
