package im.parley.cluster;

import java.util.Comparator;

/**
 * What a node tells the others about itself.
 *
 * @param id its number, new at each start
 * @param name how it calls itself in logs and in the reply to a login
 * @param version Parley's version
 * @param url where clients reach its WebSocket, as {@code ws://host:port/acc}; empty when unknown
 * @param http where clients reach its HTTP, as {@code http://host:port}; empty when unknown
 * @param connections open connections, a few seconds old
 * @param capacity the most connections it takes
 * @param draining whether it sends its clients away
 */
public record NodeInfo(
    long id,
    String name,
    String version,
    String url,
    String http,
    int connections,
    int capacity,
    boolean draining) {

  /** The nodes that stay by their load, then those that go. */
  public static final Comparator<NodeInfo> LEAST_LOADED_FIRST =
      Comparator.comparing(NodeInfo::draining)
          .thenComparingDouble((NodeInfo node) -> node.load(node.connections()))
          .thenComparing(NodeInfo::name);

  /** The share of its capacity that so many connections would take. */
  public double load(int connections) {
    return (double) connections / Math.max(1, capacity);
  }

  /** The same node, which sends its clients away. */
  public NodeInfo leaving() {
    return new NodeInfo(id, name, version, url, http, connections, capacity, true);
  }

  /** A node that listens to nothing yet. */
  public static NodeInfo starting(long id, String version) {
    return new NodeInfo(id, Long.toString(id >>> 24, 36), version, "", "", 0, 0, false);
  }
}
