package im.parley;

import im.parley.metrics.Metrics;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.impl.transports.TransportInternal;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.transport.Transport;
import java.net.SocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadFactory;

/**
 * One of Vert.x's transports, but with a say in how the node's ports accept: a connection costs no
 * system call for an option that it has anyway, and when the system gives no more descriptors, the
 * port waits and the log says it in one line.
 */
final class ListeningTransport implements Transport {
  /**
   * Options that are off on a new socket, and quick acknowledgements, which are none of a lasting
   * kind: tcp(7).
   */
  private static final Set<String> OFF =
      Set.of("SO_KEEPALIVE", "TCP_CORK", "TCP_USER_TIMEOUT", "TCP_QUICKACK");

  private final Transport transport;
  private final Metrics metrics;

  private ListeningTransport(Transport transport, Metrics metrics) {
    this.transport = transport;
    this.metrics = metrics;
  }

  /** {@code transport}, which must be there, as the node uses it. */
  static io.vertx.core.transport.Transport on(
      io.vertx.core.transport.Transport transport, Metrics metrics) {
    return new TransportInternal(
        transport.name(), true, null, new ListeningTransport(transport.implementation(), metrics));
  }

  @Override
  public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap server) {
    transport.configure(options, domainSocket, server);
    server.handler(new AcceptFaults(metrics));
    for (Map.Entry<ChannelOption<?>, Object> option : server.config().childOptions().entrySet()) {
      if (isDefault(option.getKey(), option.getValue())) {
        server.childOption(option.getKey(), null); // takes it out
      }
    }
  }

  /** Whether an accepted socket needs no system call for that value. */
  private static boolean isDefault(ChannelOption<?> option, Object value) {
    if (option == ChannelOption.TCP_NODELAY) {
      return Boolean.TRUE.equals(value); // Netty sets it
    }
    String name = option.name().substring(option.name().indexOf('#') + 1);
    return OFF.contains(name) && (Boolean.FALSE.equals(value) || Integer.valueOf(0).equals(value));
  }

  @Override
  public boolean supportsDomainSockets() {
    return transport.supportsDomainSockets();
  }

  @Override
  public boolean supportFileRegion() {
    return transport.supportFileRegion();
  }

  @Override
  public boolean isAvailable() {
    return transport.isAvailable();
  }

  @Override
  public Throwable unavailabilityCause() {
    return transport.unavailabilityCause();
  }

  @Override
  public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
    return transport.convert(address);
  }

  @Override
  public io.vertx.core.net.SocketAddress convert(SocketAddress address) {
    return transport.convert(address);
  }

  @Override
  public IoHandlerFactory ioHandlerFactory() {
    return transport.ioHandlerFactory();
  }

  @Override
  public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ioRatio) {
    return transport.eventLoopGroup(type, threads, factory, ioRatio);
  }

  @Override
  public DatagramChannel datagramChannel() {
    return transport.datagramChannel();
  }

  @Override
  public DatagramChannel datagramChannel(InternetProtocolFamily family) {
    return transport.datagramChannel(family);
  }

  @Override
  public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
    return transport.channelFactory(domainSocket);
  }

  @Override
  public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
    return transport.serverChannelFactory(domainSocket);
  }

  @Override
  public void configure(DatagramChannel channel, DatagramSocketOptions options) {
    transport.configure(channel, options);
  }

  @Override
  public void configure(
      ClientOptionsBase options, int connectTimeout, boolean domainSocket, Bootstrap client) {
    transport.configure(options, connectTimeout, domainSocket, client);
  }
}
