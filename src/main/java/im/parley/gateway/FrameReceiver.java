package im.parley.gateway;

import im.parley.protocol.CloseCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.zip.DataFormatException;

/**
 * The receiving half of a connection: makes messages of the bytes that come, and holds the peer to
 * RFC 6455 §5 while it does. Frames are decoded, unmasked and handed on where they lie in the read
 * buffer; only half frames and fragments are copied.
 *
 * <p>What to do about a message, a control frame or a violation is the subclass's. Each of these
 * may end or pause the reception, and then nothing behind it is looked at. Event loop only.
 */
abstract class FrameReceiver extends ChannelInboundHandlerAdapter {
  private final WebSocketLoop loop;
  private Incoming incoming;
  private boolean compressed;
  private boolean paused;
  private boolean decoding;

  FrameReceiver(WebSocketLoop loop) {
    this.loop = loop;
  }

  /**
   * A message from the peer, its fragments joined and inflated, a text checked to be UTF-8.
   *
   * @param payload valid during the call
   */
  abstract void onMessage(ByteBuf payload, boolean text);

  abstract void handlePing(ByteBuf payload);

  abstract void handleClose(ByteBuf payload);

  /** The peer did what it must not; nothing more may be received. */
  abstract void fail(CloseCode code, String reason);

  /** {@link #onMessage} threw this. */
  abstract void handleFault(RuntimeException fault);

  /** Whether frames are looked at. */
  abstract boolean isReceiving();

  /** Whether data frames are; else only control frames. */
  abstract boolean isOpen();

  final WebSocketLoop loop() {
    return loop;
  }

  /**
   * Whether permessage-deflate was negotiated, so that frames of {@link
   * WebSocketLoop#encodeDeflated} may be written.
   */
  final boolean compressed() {
    return compressed;
  }

  final void setCompressed(boolean compressed) {
    this.compressed = compressed;
  }

  final boolean isPaused() {
    return paused;
  }

  final void setPaused(boolean paused) {
    this.paused = paused;
  }

  /**
   * Whether a later {@link #receiveKept} is needed; not if the frames at hand are being decoded
   * just now.
   */
  final boolean keepsBytes() {
    return incoming != null && !decoding;
  }

  /** Goes on with what was kept. */
  final void receiveKept() {
    receive(Unpooled.EMPTY_BUFFER);
  }

  /** Decodes what is kept and then {@code in}, and keeps what makes no whole frame. */
  final void receive(ByteBuf in) {
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

  /**
   * Fills up the half frame from {@code in}, byte by byte of what it lacks; false if it is still
   * not whole.
   */
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
        if (header == null
            || !accept(header)
            || buf.readableBytes() < header.size() + header.length()) {
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
    if (fault == null && !header.isControl() && isOpen()) {
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
        if (isOpen()) {
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
    Incoming fragments = incoming; // its field may be cleared by what is called from here
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
      deliver(payload, text);
    }
  }

  private void deliver(ByteBuf payload, boolean text) {
    try {
      onMessage(payload, text);
    } catch (RuntimeException e) {
      handleFault(e); // here, because the frames behind this one must still be told apart
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
    return Utf8.check(Utf8.WHOLE, payload, payload.readerIndex(), payload.writerIndex())
        == Utf8.WHOLE;
  }

  private Incoming incoming() {
    if (incoming == null) {
      incoming = new Incoming(loop.allocator());
    }
    return incoming;
  }

  /** Keeps bytes without looking at them. */
  final void keep(ByteBuf in) {
    if (in.isReadable()) {
      incoming().keep(in);
    }
  }

  private void dropEmptyIncoming() {
    if (incoming != null && incoming.isEmpty()) {
      incoming = null;
    }
  }

  /** Forgets the message that was begun, but not where its last frame ends. */
  final void dropFragments() {
    if (incoming != null && incoming.isFragmented()) {
      incoming.takeMessage().release();
      dropEmptyIncoming();
    }
  }

  /** Forgets all that is kept. */
  final void releaseIncoming() {
    if (incoming != null) {
      incoming.release();
      incoming = null;
    }
  }
}
