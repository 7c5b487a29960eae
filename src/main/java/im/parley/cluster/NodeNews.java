package im.parley.cluster;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

/** {@link NodeInfo} as it travels: JSON, so that another version may add to it. */
final class NodeNews {
  private NodeNews() {}

  static String written(NodeInfo node) {
    return new JsonObject()
        .put("id", node.id())
        .put("name", node.name())
        .put("version", node.version())
        .put("url", node.url())
        .put("http", node.http())
        .put("connections", node.connections())
        .put("capacity", node.capacity())
        .put("draining", node.draining())
        .encode();
  }

  /** What was written; null when it is nothing that this version can read. */
  static NodeInfo read(String text) {
    try {
      JsonObject json = new JsonObject(text);
      return new NodeInfo(
          json.getLong("id", 0L),
          json.getString("name", ""),
          json.getString("version", ""),
          json.getString("url", ""),
          json.getString("http", ""),
          json.getInteger("connections", 0),
          json.getInteger("capacity", 0),
          json.getBoolean("draining", false));
    } catch (DecodeException | ClassCastException notNews) {
      return null;
    }
  }
}
