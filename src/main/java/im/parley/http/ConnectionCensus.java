package im.parley.http;

import io.vertx.core.Future;
import java.util.List;

/** Counts this node's open WebSocket connections, logged in or not. Any thread. */
public interface ConnectionCensus {
  /** How many are open. */
  int connections();

  /** The remote address of each as {@code ip:port}, in no order. */
  Future<List<String>> addresses();
}
