package im.parley.gateway;

import im.parley.protocol.CloseCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.net.impl.ShutdownEvent;
import java.net.SocketAddress;
import java.util.zip.DataFormatException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A WebSocket connection: the one handler object of its channel, from the upgrade on. It answers for RFC 6455 by itself and
 * leaves to its subclass what the messages mean. There may be a million of these, so its fields are few; what a connection
 * needs only sometimes is in {@link Incoming} and {@link ClosingQueue}, what all need alike in {@link WebSocketLoop}.
 *
 * <p>All methods are called, and must be called, on the event loop. {@link #onOpen} is the first call and {@link #onClosed}
 * the last, each once; if the peer went away during the handshake, neither comes.
 */
abstract class WebSocketHandler extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(WebSocketHandler.class);

  /** The 101 is not written; what comes is kept. */
  private static final byte HANDSHAKE = 0;

  private static final byte OPEN = 1;

  /** Our close frame is written; the peer's is awaited. */
  private static final byte CLOSING = 2;

  /** Nothing more is read from the peer; the end of the TCP connection is awaited. */
  private static final byte DISCARDING = 3;

  private static final byte CLOSED = 4;

  // Event loop only
  private final WebSocketLoop loop;
  private ChannelHandlerContext context;
  private Incoming incoming;
  private byte state = HANDSHAKE;
  private boolean compressed;
  private boolean dirty;
  private boolean paused;
  private boolean decoding;

  WebSocketHandler(WebSocketLoop loop) {
    this.loop = loop;
  }

  /** The connection is open: the 101 is written, frames can be. */
  void onOpen() {}

  /**
   * A message from the peer, its fragments joined and inflated, a text checked to be UTF-8.
   *
   * @param payload valid during the call
   */
  abstract void onMessage(ByteBuf payload, boolean text);

  /** The TCP connection is gone, for whatever reason. */
  void onClosed() {}

  /**
   * Writes an encoded frame, which it takes over; it goes out with all others of this turn of the loop. Does nothing unless
   * the connection is open.
   */
  final void writeFrame(ByteBuf frame) {
    assert loop.inEventLoop();
    if (state != OPEN) {
      frame.release();
      return;
    }
    context.write(frame, context.voidPromise());
    if (!dirty) {
      dirty = true;
      loop.flushQueue().add(this);
    }
  }

  /** For the flush queue. */
  final void flushWritten() {
    dirty = false;
    context.flush();
  }

  /** Bytes written that the socket has not taken, with Netty's overhead for each frame. */
  final long pendingBytes() {
    ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
  }

  final boolean isOpen() {
    return state == OPEN;
  }

  /** Whether permessage-deflate was negotiated, so that frames of {@link WebSocketLoop#encodeDeflated} may be written. */
  final boolean compressed() {
    return compressed;
  }

  final SocketAddress remoteAddress() {
    return context.channel().remoteAddress();
  }

  final WebSocketLoop loop() {
    return loop;
  }

  final void close(CloseCode code) {
    close(code.code(), code.reason());
  }

  /**
   * Starts the closing handshake. Nothing is written after it and no message delivered; what was written goes out first. A
   * peer that does not answer within the close timeout is cut off.
   */
  final void close(int code, String reason) {
    assert loop.inEventLoop();
    if (state != OPEN) {
      return;
    }
    state = CLOSING;
    releaseIncoming();
    if (paused) {
      paused = false;
      context.channel().config().setAutoRead(true); // the peer's answer must be read
    }
    context.writeAndFlush(FrameEncoder.close(loop.allocator(), code, reason), context.voidPromise());
    loop.closingQueue().add(this);
  }

  /** Closes the TCP connection without a close frame; what is not sent is lost. */
  final void closeNow() {
    assert loop.inEventLoop();
    if (state != CLOSED) {
      state = DISCARDING;
      context.close();
    }
  }

  /** Stops reading. Frames that were read already are kept back. */
  final void pauseReading() {
    assert loop.inEventLoop();
    if (state == OPEN && !paused) {
      paused = true;
      context.channel().config().setAutoRead(false);
    }
  }

  /** Reads on; messages kept back are delivered by a later task of the loop, before newer ones. */
  final void resumeReading() {
    assert loop.inEventLoop();
    if (paused) {
      paused = false;
      context.channel().config().setAutoRead(true);
      if (incoming != null && !decoding) {
        loop.eventLoop().execute(this::receiveKept);
      }
    }
  }

  /** The channel is this handler's alone now; writes the handshake's response and begins. */
  final void open(ByteBuf response, boolean compressed) {
    this.compressed = compressed;
    if (state != HANDSHAKE) {
      response.release();
      return;
    }
    state = OPEN;
    context.writeAndFlush(response, context.voidPromise());
    context.channel().config().setAutoRead(true); // the HTTP side may have been paused
    onOpen();
    receiveKept();
  }

  @Override
  public final void handlerAdded(ChannelHandlerContext context) {
    this.context = context;
  }

  @Override
  public final void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf in)) {
      context.fireChannelRead(message); // the rest of the HTTP request, on its way to the HTTP handlers
      return;
    }
    try {
      if (state == HANDSHAKE || paused) {
        keep(in);
      } else if (isReceiving()) {
        receive(in);
      }
    } finally {
      in.release();
    }
  }

  @Override
  public final void channelInactive(ChannelHandlerContext context) {
    boolean opened = state != HANDSHAKE && state != CLOSED;
    state = CLOSED;
    releaseIncoming();
    if (opened) {
      onClosed();
    }
    context.fireChannelInactive();
  }

  @Override
  public final void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ShutdownEvent && state == HANDSHAKE) {
      context.close();
    } else if (event instanceof ShutdownEvent) {
      close(CloseCode.GOING_AWAY);
    } else {
      context.fireUserEventTriggered(event);
    }
  }

  @Override
  public final void exceptionCaught(ChannelHandlerContext context, Throwable fault) {
    if (fault instanceof RuntimeException && state == OPEN) {
      log.error("connection handler failed [remote: {}]", remoteAddress(), fault);
      close(CloseCode.INTERNAL_ERROR);
      return;
    }
    log.debug("connection failed [remote: {}]", remoteAddress(), fault);
    context.close();
  }

  private boolean isReceiving() {
    return state == OPEN || state == CLOSING;
  }

  private void receiveKept() {
    receive(loop.nothing());
  }

  /** Decodes what is kept and then {@code in}, and keeps what makes no whole frame. */
  private void receive(ByteBuf in) {
    ByteBuf half = incoming == null ? null : incoming.takeHalf();
    if (half != null && !receiveHalf(half, in)) {
      return;
    }
    decode(in);
    if (in.isReadable() && isReceiving()) {
      keep(in);
    }
    dropEmptyIncoming();
  }

  /** Fills up the half frame from {@code in}, byte by byte of what it lacks; false if it is still not whole. */
  private boolean receiveHalf(ByteBuf half, ByteBuf in) {
    boolean kept = false;
    try {
      decode(half);
      while (half.isReadable() && in.isReadable() && isReceiving() && !paused) {
        long missing = FrameHeader.missing(half);
        Incoming.append(half, in, (int) Math.min(missing, in.readableBytes()));
        decode(half);
      }
      kept = half.isReadable() && isReceiving();
      if (kept) {
        incoming().putHalf(half);
        keep(in);
      }
    } finally {
      if (!kept) {
        half.release();
      }
    }
    return !kept;
  }

  /** Handles every whole frame there is, and refuses a bad one as soon as its head is there. */
  private void decode(ByteBuf buf) {
    decoding = true;
    try {
      while (buf.isReadable() && isReceiving() && !paused) {
        FrameHeader header = FrameHeader.read(buf);
        if (header == null || !accept(header) || buf.readableBytes() < header.size() + header.length()) {
          return;
        }
        int start = buf.readerIndex() + header.size();
        int end = start + (int) header.length();
        Mask.remove(buf, start, end, header.mask());
        buf.readerIndex(end);
        handleFrame(header, buf.slice(start, end - start));
      }
    } finally {
      decoding = false;
    }
  }

  /** False if the frame must not be, and the connection has been failed for it. */
  private boolean accept(FrameHeader header) {
    String fault = header.fault(compressed);
    if (fault == null && !header.isControl() && state == OPEN) {
      boolean fragmented = incoming != null && incoming.isFragmented();
      if (fragmented != (header.opcode() == FrameHeader.CONTINUATION)) {
        // RFC 6455 §5.4
        fault = fragmented ? "new message within a fragmented one" : "nothing to continue";
      }
    }
    if (fault != null) {
      fail(CloseCode.PROTOCOL_ERROR, fault);
      return false;
    }
    if (!header.isControl() && header.length() > roomFor(header)) {
      fail(CloseCode.TOO_BIG, CloseCode.TOO_BIG.reason());
      return false;
    }
    return true;
  }

  /** How long the payload of this data frame may be. */
  private long roomFor(FrameHeader header) {
    int max = loop.options().maxMessageBytes();
    boolean fragmented = incoming != null && incoming.isFragmented();
    boolean deflated = fragmented ? incoming.isDeflated() : header.rsv1();
    long room = deflated ? MessageDeflate.maxDeflatedBytes(max) : max;
    return fragmented ? room - incoming.messageBytes() : room;
  }

  private void handleFrame(FrameHeader header, ByteBuf payload) {
    switch (header.opcode()) {
      case FrameHeader.CLOSE -> handleClose(payload);
      case FrameHeader.PING -> handlePing(payload);
      case FrameHeader.PONG -> {} // RFC 6455 §5.5.3: unsolicited ones are fine
      default -> {
        if (state == OPEN) {
          handleData(header, payload);
        }
      }
    }
  }

  private void handleData(FrameHeader header, ByteBuf payload) {
    boolean first = header.opcode() != FrameHeader.CONTINUATION;
    boolean text = header.opcode() == FrameHeader.TEXT;
    if (first && header.fin()) {
      handleMessage(payload, text, header.rsv1(), false);
      return;
    }
    if (first) {
      incoming().begin(text, header.rsv1());
    }
    Incoming fragments = incoming;
    if (!fragments.addFragment(payload, header.fin())) {
      fail(CloseCode.INVALID_PAYLOAD, CloseCode.INVALID_PAYLOAD.reason());
    } else if (header.fin()) {
      ByteBuf message = fragments.takeMessage();
      try {
        handleMessage(message, fragments.isText(), fragments.isDeflated(), true);
      } finally {
        message.release();
      }
    }
  }

  private void handleMessage(ByteBuf payload, boolean text, boolean deflated, boolean checked) {
    if (deflated) {
      inflate(payload, text);
    } else if (text && !checked && !isUtf8(payload)) {
      fail(CloseCode.INVALID_PAYLOAD, CloseCode.INVALID_PAYLOAD.reason());
    } else {
      onMessage(payload, text);
    }
  }

  private void inflate(ByteBuf payload, boolean text) {
    ByteBuf message;
    try {
      message = loop.deflate().inflate(payload, loop.options().maxMessageBytes());
    } catch (DataFormatException e) {
      fail(CloseCode.INVALID_PAYLOAD, "invalid deflated data");
      return;
    }
    if (message == null) {
      fail(CloseCode.TOO_BIG, CloseCode.TOO_BIG.reason());
      return;
    }
    try {
      handleMessage(message, text, false, false);
    } finally {
      message.release();
    }
  }

  private static boolean isUtf8(ByteBuf payload) {
    return Utf8.check(Utf8.WHOLE, payload, payload.readerIndex(), payload.writerIndex()) == Utf8.WHOLE;
  }

  private void handlePing(ByteBuf payload) {
    // An unread socket must not hold a pong for every ping; RFC 6455 §5.5.3 wants only the latest.
    if (state == OPEN && pendingBytes() < loop.options().pongLimitBytes()) {
      writeFrame(FrameEncoder.pong(loop.allocator(), payload));
    }
  }

  private void handleClose(ByteBuf payload) {
    String fault = ClosePayload.fault(payload);
    if (fault != null) {
      fail(CloseCode.PROTOCOL_ERROR, fault);
    } else if (!ClosePayload.hasValidReason(payload)) {
      fail(CloseCode.INVALID_PAYLOAD, CloseCode.INVALID_PAYLOAD.reason());
    } else if (state == CLOSING) {
      closeNow(); // RFC 6455 §7.1.1: both have said it, the server closes TCP
    } else {
      int code = ClosePayload.code(payload);
      ByteBuf echo =
          code == 0
              ? FrameEncoder.emptyClose(loop.allocator())
              : FrameEncoder.close(loop.allocator(), code, "");
      sendLast(echo).addListener(written -> context.close());
    }
  }

  /** RFC 6455 §7.1.7: says why, and reads no more. */
  private void fail(CloseCode code, String reason) {
    log.debug("connection broke the protocol [remote: {}, code: {}, reason: {}]", remoteAddress(), code.code(), reason);
    if (state != OPEN) {
      closeNow();
      return;
    }
    Channel channel = context.channel();
    ChannelFuture sent = sendLast(FrameEncoder.close(loop.allocator(), code.code(), reason));
    if (channel instanceof DuplexChannel duplex && channel.pipeline().get(SslHandler.class) == null) {
      // Closing with bytes unread would be a reset, which can overtake the close frame.
      sent.addListener(written -> duplex.shutdownOutput());
    } else {
      sent.addListener(written -> context.close());
    }
  }

  private ChannelFuture sendLast(ByteBuf closeFrame) {
    state = DISCARDING;
    releaseIncoming();
    loop.closingQueue().add(this); // the peer may not read it
    return context.writeAndFlush(closeFrame);
  }

  private Incoming incoming() {
    if (incoming == null) {
      incoming = new Incoming(loop.allocator());
    }
    return incoming;
  }

  private void keep(ByteBuf in) {
    if (in.isReadable()) {
      incoming().keep(in);
    }
  }

  private void dropEmptyIncoming() {
    if (incoming != null && incoming.isEmpty()) {
      incoming = null;
    }
  }

  private void releaseIncoming() {
    if (incoming != null) {
      incoming.release();
      incoming = null;
    }
  }
}
