package im.parley.gateway;

import im.parley.config.GatewayConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * How many connections the node and each address have. Any thread.
 *
 * <p>A limit is checked when an upgrade is asked for and counted when the connection is open, so it
 * may be passed by the handshakes that are under way at once.
 */
final class ConnectionLimits {
  private final GatewayConfig config;
  private final AtomicInteger connections = new AtomicInteger();
  private final ConcurrentHashMap<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();

  ConnectionLimits(GatewayConfig config) {
    this.config = config;
  }

  /** Why an upgrade is to be refused. */
  enum Verdict {
    ACCEPT,
    NODE_FULL,
    ADDRESS_FULL
  }

  Verdict check(Supplier<InetAddress> address) {
    if (connections.get() >= config.maxConnections()) {
      return Verdict.NODE_FULL;
    }
    // Finding out the address of every upgrade is only worth it once some address could be full.
    if (connections.get() >= config.maxConnectionsPerAddress()) {
      Integer count = perAddress.get(address.get());
      if (count != null && count >= config.maxConnectionsPerAddress()) {
        return Verdict.ADDRESS_FULL;
      }
    }
    return Verdict.ACCEPT;
  }

  void opened(SocketAddress remote) {
    connections.incrementAndGet();
    if (remote instanceof InetSocketAddress address) {
      perAddress.merge(address.getAddress(), 1, Integer::sum);
    }
  }

  void closed(SocketAddress remote) {
    connections.decrementAndGet();
    if (remote instanceof InetSocketAddress address) {
      perAddress.computeIfPresent(
          address.getAddress(), (key, count) -> count == 1 ? null : count - 1);
    }
  }

  int connections() {
    return connections.get();
  }
}
