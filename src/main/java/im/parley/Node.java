package im.parley;

import im.parley.config.Config;
import io.vertx.core.Future;
import java.util.List;

/** Placeholder for the wiring of a node. */
public final class Node {
  private Node() {}

  /** Starts a node. */
  public static Future<Node> start(Config config) {
    return Future.failedFuture("no node yet");
  }

  /** The WebSocket ports taken. */
  public List<Integer> wsPorts() {
    return List.of();
  }

  /** The HTTP port taken. */
  public int httpPort() {
    return 0;
  }

  /** The gRPC port taken. */
  public int grpcPort() {
    return 0;
  }

  /** The admin port taken. */
  public int adminPort() {
    return 0;
  }

  /** Stops the node. */
  public Future<Void> stop() {
    return Future.succeededFuture();
  }
}
