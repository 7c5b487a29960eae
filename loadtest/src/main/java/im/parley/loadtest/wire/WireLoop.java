package im.parley.loadtest.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * What all connections of one event loop share: targets, encoder, scratch memory, the flush queue.
 * A loop verticle makes one and owns it. Everything here is for that event loop only.
 */
public final class WireLoop {
  /** A longer message ends the connection. */
  static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

  // RFC 6455 §1.3 has this pair as its example. One key for all saves a digest per connection; the
  // server cannot tell.
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
  static final String ACCEPT_HEADER = "sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=";

  private static final int READ_BYTES = 16 * 1024;

  private final EventLoop eventLoop;
  private final SourceAddresses sources;
  private final List<InetSocketAddress> targets = new ArrayList<>();
  private final List<ByteBuf> upgrades = new ArrayList<>();
  private final Frames frames = new Frames(PooledByteBufAllocator.DEFAULT);
  private final Bootstrap bootstrap;

  // Event loop only
  private ConnectionListener listener;
  private IntUnaryOperator targetOf;
  private byte[] scratch = new byte[4096];
  private List<Connection> dirty = new ArrayList<>();
  private List<Connection> flushing = new ArrayList<>();
  private boolean flushScheduled;
  private final Map<Connection, ByteArrayOutputStream> fragments = new HashMap<>();
  private String refusal = "";
  private List<Connection> unanswered; // close frames; null when each is answered at once

  public WireLoop(EventLoop eventLoop, List<Target> targets, SourceAddresses sources) {
    this.eventLoop = eventLoop;
    this.sources = sources;
    for (Target target : targets) {
      this.targets.add(target.address());
      upgrades.add(Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(upgrade(target))));
    }
    targetOf = id -> id % upgrades.size();
    bootstrap = bootstrap(eventLoop);
  }

  private static byte[] upgrade(Target target) {
    String request =
        "GET %s HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n\r\n";
    return request
        .formatted(target.path(), target.host(), target.port(), KEY)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static Bootstrap bootstrap(EventLoop eventLoop) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(eventLoop)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
            // The scenario has one deadline for the whole set-up; a timer per connect is memory.
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
    if (Epoll.isAvailable()
        && eventLoop.parent() instanceof IoEventLoopGroup group
        && group.isIoType(EpollIoHandler.class)) {
      // Without it a bound source would take its port before the destination is known.
      return bootstrap
          .channel(EpollSocketChannel.class)
          .option(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
    }
    return bootstrap.channel(NioSocketChannel.class);
  }

  /** Set once, before the first connect. */
  public void listener(ConnectionListener listener) {
    this.listener = listener;
  }

  public Connection connection(int id) {
    return new Connection(this, id);
  }

  /** Which target a connection goes to when it connects from now on; at first they do in turn. */
  public void targetOf(IntUnaryOperator targetOf) {
    this.targetOf = targetOf;
  }

  /** How many targets there are. */
  public int targets() {
    return targets.size();
  }

  /** Connects a closed connection to the target and from the source that its number gives. */
  public void connect(Connection connection) {
    connection.connecting();
    int target = targetOf.applyAsInt(connection.id());
    InetSocketAddress source = sources.get(connection.id() / targets.size());
    Bootstrap prepared = bootstrap.clone().handler(connection).localAddress(source);
    ChannelFuture connecting = prepared.connect(targets.get(target));
    connecting.addListener(
        done -> {
          if (!done.isSuccess()) {
            refusal = String.valueOf(done.cause().getMessage());
            connection.failed();
          }
        });
  }

  /** What the latest failed connect was answered; empty if none failed. */
  public String refusal() {
    return refusal;
  }

  void refusedUpgrade(String head) {
    refusal = "upgrade refused: " + head.lines().findFirst().orElse("");
  }

  /** From now on close frames wait for {@link #answerCloses}. */
  public void answerClosesLater() {
    unanswered = new ArrayList<>();
  }

  /** Answers the close frames that wait, and later ones at once. */
  public void answerCloses() {
    List<Connection> waiting = unanswered;
    unanswered = null;
    if (waiting != null) {
      waiting.forEach(Connection::answerClose);
    }
  }

  void closeFrameCame(Connection connection) {
    listener.onCloseFrame(connection);
    if (unanswered == null) {
      connection.answerClose();
    } else {
      unanswered.add(connection);
    }
  }

  EventLoop eventLoop() {
    return eventLoop;
  }

  ConnectionListener listener() {
    return listener;
  }

  Frames frames() {
    return frames;
  }

  ByteBuf upgradeRequest(int id) {
    return upgrades.get(targetOf.applyAsInt(id)).duplicate();
  }

  byte[] scratch(int length) {
    if (scratch.length < length) {
      scratch = new byte[Math.max(length, scratch.length * 2)];
    }
    return scratch;
  }

  void markDirty(Connection connection) {
    dirty.add(connection);
    if (!flushScheduled) {
      flushScheduled = true;
      eventLoop.execute(this::flush);
    }
  }

  private void flush() {
    flushScheduled = false;
    List<Connection> batch = dirty;
    dirty = flushing;
    flushing = batch;
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).flushWritten();
    }
    batch.clear();
  }

  /** The whole message with its last fragment, else null. Servers that fragment are few. */
  byte[] assemble(Connection connection, byte[] payload, int length, boolean last) {
    ByteArrayOutputStream whole =
        fragments.computeIfAbsent(connection, any -> new ByteArrayOutputStream());
    whole.write(payload, 0, length);
    if (whole.size() > MAX_MESSAGE_BYTES) {
      connection.drop();
      return null;
    }
    if (!last) {
      return null;
    }
    fragments.remove(connection);
    return whole.toByteArray();
  }

  void forget(Connection connection) {
    fragments.remove(connection);
  }
}
