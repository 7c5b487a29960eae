package im.parley.gateway;

import im.parley.protocol.CloseCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.net.impl.ShutdownEvent;
import java.io.IOException;
import java.net.SocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A WebSocket connection: the one handler object of its channel, from the upgrade on. It answers
 * for RFC 6455 by itself and leaves to its subclass what the messages mean. There may be a million
 * of these, so its fields are few; what a connection needs only sometimes is in {@link Incoming}
 * and {@link ClosingQueue}, what all need alike in {@link WebSocketLoop}.
 *
 * <p>All methods are called, and must be called, on the event loop. {@link #onOpen} is the first
 * call and {@link #onClosed} the last, each once; if the peer went away during the handshake,
 * neither comes.
 */
abstract class WebSocketHandler extends FrameReceiver {
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
  private ChannelHandlerContext context;
  private byte state = HANDSHAKE;
  private boolean dirty;

  WebSocketHandler(WebSocketLoop loop) {
    super(loop);
  }

  /** The connection is open: the 101 is written, frames can be. */
  void onOpen() {}

  /** The server closes the connection; the first reason only. */
  void onClosing(CloseCode code) {}

  /** The TCP connection is gone, for whatever reason. */
  void onClosed() {}

  /**
   * Writes an encoded frame, which it takes over; it goes out with all others of this turn of the
   * loop. Does nothing unless the connection is open.
   */
  final void writeFrame(ByteBuf frame) {
    assert loop().inEventLoop();
    if (state != OPEN) {
      frame.release();
      return;
    }
    context.write(frame, context.voidPromise());
    if (!dirty) {
      dirty = true;
      loop().flushQueue().add(this);
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

  @Override
  final boolean isOpen() {
    return state == OPEN;
  }

  final SocketAddress remoteAddress() {
    return context.channel().remoteAddress();
  }

  final void close(CloseCode code) {
    if (state == OPEN) {
      onClosing(code);
    }
    close(code.code(), code.reason());
  }

  /**
   * Starts the closing handshake. Nothing is written after it and no message delivered; what was
   * written goes out first. A peer that does not answer within the close timeout is cut off.
   */
  final void close(int code, String reason) {
    assert loop().inEventLoop();
    if (state != OPEN) {
      return;
    }
    resumeReading(); // the peer's answer must be read
    state = CLOSING;
    dropFragments();
    context.writeAndFlush(
        FrameEncoder.close(loop().allocator(), code, reason), context.voidPromise());
    loop().closingQueue().add(this);
  }

  /** Closes the TCP connection without a close frame; what is not sent is lost. */
  final void closeNow() {
    assert loop().inEventLoop();
    if (isReceiving()) {
      state = DISCARDING;
    }
    context.close();
  }

  /**
   * Stops reading; what comes first is still read, and kept back. Most pauses are over before
   * anything comes, and to tell the socket of a pause and of its end is a system call each.
   */
  final void pauseReading() {
    assert loop().inEventLoop();
    if (state == OPEN) {
      setPaused(true);
    }
  }

  /** Reads on; messages kept back are delivered by a later task of the loop, before newer ones. */
  final void resumeReading() {
    assert loop().inEventLoop();
    if (isPaused()) {
      setPaused(false);
      context.channel().config().setAutoRead(true);
      if (keepsBytes()) {
        loop().eventLoop().execute(this::receiveKept);
      }
    }
  }

  /** The channel is this handler's alone now; writes the handshake's response and begins. */
  final void open(ByteBuf response, boolean compressed) {
    if (state != HANDSHAKE) {
      response.release();
      return;
    }
    state = OPEN;
    setCompressed(compressed);
    context.writeAndFlush(response, context.voidPromise());
    context.channel().config().setAutoRead(true); // the HTTP side may have been paused
    try {
      onOpen();
    } catch (RuntimeException e) {
      handleFault(e);
    }
    receiveKept();
  }

  @Override
  public final void handlerAdded(ChannelHandlerContext context) {
    this.context = context;
  }

  @Override
  public final void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf in)) {
      context.fireChannelRead(
          message); // the rest of the HTTP request, on its way to the HTTP handlers
      return;
    }
    try {
      if (isPaused()) {
        context.channel().config().setAutoRead(false);
        keep(in);
      } else if (state == HANDSHAKE) {
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
    if (fault instanceof IOException || fault instanceof DecoderException) {
      log.debug(
          "connection lost [remote: {}]",
          remoteAddress(),
          fault); // TCP's or TLS's, as peers cause them
    } else {
      log.error("connection failed [remote: {}]", remoteAddress(), fault);
    }
    context.close();
  }

  @Override
  final void handleFault(RuntimeException fault) {
    log.error("connection handler failed [remote: {}]", remoteAddress(), fault);
    close(CloseCode.INTERNAL_ERROR);
  }

  @Override
  final boolean isReceiving() {
    return state == OPEN || state == CLOSING;
  }

  @Override
  final void handlePing(ByteBuf payload) {
    // An unread socket must not hold a pong for every ping; RFC 6455 §5.5.3 wants only the latest.
    if (state == OPEN && pendingBytes() < loop().options().pongLimitBytes()) {
      writeFrame(FrameEncoder.pong(loop().allocator(), payload));
    }
  }

  @Override
  final void handleClose(ByteBuf payload) {
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
              ? FrameEncoder.emptyClose(loop().allocator())
              : FrameEncoder.close(loop().allocator(), code, "");
      sendLast(echo).addListener(written -> context.close());
    }
  }

  /** RFC 6455 §7.1.7: says why, and reads no more. */
  @Override
  final void fail(CloseCode code, String reason) {
    log.debug(
        "connection broke the protocol [remote: {}, code: {}, reason: {}]",
        remoteAddress(),
        code.code(),
        reason);
    if (state != OPEN) {
      closeNow();
      return;
    }
    onClosing(code);
    Channel channel = context.channel();
    ChannelFuture sent = sendLast(FrameEncoder.close(loop().allocator(), code.code(), reason));
    if (channel instanceof DuplexChannel duplex
        && channel.pipeline().get(SslHandler.class) == null) {
      // Closing with bytes unread would be a reset, which can overtake the close frame.
      sent.addListener(written -> duplex.shutdownOutput());
    } else {
      sent.addListener(written -> context.close());
    }
  }

  private ChannelFuture sendLast(ByteBuf closeFrame) {
    state = DISCARDING;
    releaseIncoming();
    loop().closingQueue().add(this); // the peer may not read it
    return context.writeAndFlush(closeFrame);
  }
}
