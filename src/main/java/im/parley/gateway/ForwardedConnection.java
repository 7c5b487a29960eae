package im.parley.gateway;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * A client's connection through a trusted proxy. A class of its own, so that a direct connection
 * does not pay for the address that only this one has to keep.
 */
final class ForwardedConnection extends ClientConnection {
  private final InetSocketAddress client;

  ForwardedConnection(ClientLoop loop, InetSocketAddress client) {
    super(loop);
    this.client = client;
  }

  @Override
  SocketAddress client() {
    return client;
  }
}
