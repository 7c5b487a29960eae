package im.parley.loadtest.probe;

import io.vertx.core.json.JsonObject;

/**
 * The server's memory right after a forced full collection; NaN where it cannot be told.
 *
 * @param connections that were ready then
 * @param rssBytes resident memory
 * @param heapBytes live heap
 */
public record Settled(long connections, double rssBytes, double heapBytes) {
  /** Resident bytes that each connection since {@code before} added. */
  public double rssPerConnection(Settled before) {
    return (rssBytes - before.rssBytes) / (connections - before.connections);
  }

  /** Live heap that each connection since {@code before} added. */
  public double heapPerConnection(Settled before) {
    return (heapBytes - before.heapBytes) / (connections - before.connections);
  }

  public JsonObject toJson() {
    return new JsonObject()
        .put("connections", connections)
        .put("rssBytes", Double.isNaN(rssBytes) ? null : rssBytes)
        .put("heapBytes", Double.isNaN(heapBytes) ? null : heapBytes);
  }
}
