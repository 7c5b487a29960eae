package im.parley.loadtest.floor;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The least that a chat server on Netty can do, to quote ratios against: it speaks the envelope,
 * passes messages on and answers, but stores nothing, checks nothing and forgets who is in which
 * room. Its login, direct and broadcast are what a server on the same transport cannot undercut.
 */
public final class FloorServer implements AutoCloseable {
  private static final int BACKLOG = 4096;
  private static final int READ_BYTES = 16 * 1024;

  private final EventLoopGroup group;
  private final Channel listening;

  private FloorServer(EventLoopGroup group, Channel listening) {
    this.group = group;
    this.listening = listening;
  }

  /**
   * On loopback.
   *
   * @param port 0 takes a free one
   */
  public static FloorServer start(int port, int loops) {
    boolean epoll = Epoll.isAvailable();
    EventLoopGroup group =
        new MultiThreadIoEventLoopGroup(
            loops, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    Map<String, FloorConnection> users = new ConcurrentHashMap<>();
    Map<EventLoop, FloorLoop> perLoop = new ConcurrentHashMap<>();
    group.forEach(
        executor -> perLoop.put((EventLoop) executor, new FloorLoop((EventLoop) executor, users)));
    Channel listening =
        new ServerBootstrap()
            .group(group)
            .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    FloorLoop loop = perLoop.get(channel.eventLoop());
                    channel.pipeline().addLast(new FloorConnection(loop, perLoop.values()));
                  }
                })
            .bind("127.0.0.1", port)
            .syncUninterruptibly()
            .channel();
    return new FloorServer(group, listening);
  }

  public int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  public void awaitClose() throws InterruptedException {
    listening.closeFuture().sync();
  }

  @Override
  public void close() {
    listening.close().syncUninterruptibly();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
