package im.parley.loadtest.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One WebSocket of the client side: the only handler of its channel, and all that is kept for it.
 * It outlives its channel, so that the same identity can connect again. Event loop only.
 */
public final class Connection extends ChannelInboundHandlerAdapter {
  /** What {@link ConnectionListener#onClosed} says where a library says 1006. */
  public static final int NO_CLOSE_FRAME = 1006;

  private static final byte CLOSED = 0;
  private static final byte CONNECTING = 1;
  private static final byte OPEN = 2;

  private static final int MAX_RESPONSE_BYTES = 16 * 1024;
  private static final int CLOSE = 0x8;
  private static final int PING = 0x9;
  private static final int PONG = 0xA;

  private final WireLoop loop;
  private final int id;

  // Event loop only
  private ChannelHandlerContext ctx;
  private ByteBuf partial;
  private byte state;
  private boolean dirty;
  private boolean broken;
  private boolean upgraded;
  private short closeCode;

  /** The scenario's: requests without an answer. */
  public int pending;

  /** The scenario's own mark, such as logged in. */
  public byte mark;

  /** The scenario's: when the connect under way began, {@link System#nanoTime()}. */
  public long since;

  Connection(WireLoop loop, int id) {
    this.loop = loop;
    this.id = id;
  }

  /** The number of its user, unique over all workers. */
  public int id() {
    return id;
  }

  public boolean isOpen() {
    return state == OPEN;
  }

  /** Whether the upgrade of the latest connect was answered with 101. */
  public boolean wasOpen() {
    return upgraded;
  }

  public boolean isClosed() {
    return state == CLOSED;
  }

  void connecting() {
    assert state == CLOSED;
    state = CONNECTING;
    closeCode = (short) NO_CLOSE_FRAME;
    broken = false;
    upgraded = false;
  }

  /**
   * Sends the {@code length} first bytes of {@code text}; on a connection that is not open,
   * nothing.
   */
  public void send(byte[] text, int length) {
    if (state == OPEN) {
      write(loop.frames().text(text, length));
    }
  }

  /** Closes with 1000, RFC 6455 §5.5.1, without waiting for the answer. */
  public void close() {
    if (state == OPEN) {
      ctx.write(loop.frames().close(1000), ctx.voidPromise());
      ctx.flush();
    }
    if (state != CLOSED && ctx != null) {
      ctx.close();
    }
  }

  /** Answers the server's close frame with the same code, RFC 6455 §5.5.1. */
  void answerClose() {
    if (ctx != null) {
      int code = closeCode & 0xFFFF;
      ctx.writeAndFlush(loop.frames().close(code == 1005 ? 1000 : code), ctx.voidPromise());
      ctx.close();
    }
  }

  /** Drops the TCP connection without a close frame, as a vanished network does. */
  public void drop() {
    if (state != CLOSED && ctx != null) {
      ctx.close();
    }
  }

  private void write(ByteBuf frame) {
    ctx.write(frame, ctx.voidPromise());
    if (!dirty) {
      dirty = true;
      loop.markDirty(this);
    }
  }

  void flushWritten() {
    dirty = false;
    if (ctx != null) {
      ctx.flush();
    }
  }

  /** It is added to one channel after another, never to two at once. */
  @Override
  public boolean isSharable() {
    return true;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    context.writeAndFlush(loop.upgradeRequest(id), context.voidPromise());
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    ended();
  }

  /** The TCP connection could not be made. */
  void failed() {
    ended();
  }

  private void ended() {
    if (partial != null) {
      partial.release();
      partial = null;
    }
    loop.forget(this);
    ctx = null;
    if (state != CLOSED) {
      state = CLOSED;
      loop.listener().onClosed(this, closeCode & 0xFFFF);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf input = (ByteBuf) message;
    if (partial != null) {
      partial.writeBytes(input);
      input.release();
      input = partial;
      partial = null;
    }
    try {
      consume(input);
      if (input.isReadable() && !broken) {
        partial = context.alloc().heapBuffer(input.readableBytes()).writeBytes(input);
      }
    } finally {
      input.release();
    }
  }

  private void consume(ByteBuf input) {
    if (state == CONNECTING && !readResponse(input)) {
      return;
    }
    while (state == OPEN && !broken && readFrame(input)) {
      // each turn takes one frame
    }
  }

  private boolean readResponse(ByteBuf input) {
    int end = endOfHead(input);
    if (end < 0) {
      if (input.readableBytes() > MAX_RESPONSE_BYTES) {
        fail();
      }
      return false;
    }
    String head =
        input.toString(input.readerIndex(), end - input.readerIndex(), StandardCharsets.ISO_8859_1);
    input.readerIndex(end);
    if (!head.startsWith("HTTP/1.1 101")
        || !head.toLowerCase(Locale.ROOT).contains(WireLoop.ACCEPT_HEADER)) {
      loop.refusedUpgrade(head);
      fail();
      return false;
    }
    state = OPEN;
    upgraded = true;
    loop.listener().onOpen(this);
    return true;
  }

  private static int endOfHead(ByteBuf input) {
    for (int i = input.readerIndex() + 3; i < input.writerIndex(); i++) {
      if (input.getByte(i) == '\n'
          && input.getByte(i - 1) == '\r'
          && input.getByte(i - 2) == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  /** Takes one frame, RFC 6455 §5.2; false if it is not whole yet. */
  private boolean readFrame(ByteBuf input) {
    int at = input.readerIndex();
    int readable = input.readableBytes();
    if (readable < 2) {
      return false;
    }
    int flags = input.getUnsignedByte(at);
    int second = input.getUnsignedByte(at + 1);
    long length = second & 0x7F;
    int head = 2;
    if (length == 126) {
      head = 4;
      length = readable < head ? 0 : input.getUnsignedShort(at + 2);
    } else if (length == 127) {
      head = 10;
      length = readable < head ? 0 : input.getLong(at + 2);
    }
    // RFC 6455 §5.1: a server's frames are not masked
    if ((second & 0x80) != 0
        || (flags & 0x70) != 0
        || length < 0
        || length > WireLoop.MAX_MESSAGE_BYTES) {
      fail();
      return false;
    }
    if (readable < head + length) {
      return false;
    }
    byte[] payload = loop.scratch((int) length);
    input.getBytes(at + head, payload, 0, (int) length);
    input.readerIndex(at + head + (int) length);
    handleFrame(flags, payload, (int) length);
    return true;
  }

  private void handleFrame(int flags, byte[] payload, int length) {
    int opcode = flags & 0x0F;
    if (opcode == CLOSE) {
      closeCode = length < 2 ? 1005 : (short) ((payload[0] & 0xFF) << 8 | payload[1] & 0xFF);
      broken = true;
      loop.closeFrameCame(this);
    } else if (opcode == PING) {
      write(loop.frames().frame(PONG, payload, length));
    } else if (opcode != PONG) {
      handleData((flags & 0x80) != 0, opcode == 0, payload, length);
    }
  }

  private void handleData(boolean last, boolean continuation, byte[] payload, int length) {
    if (last && !continuation) {
      loop.listener().onMessage(this, payload, length);
      return;
    }
    byte[] whole = loop.assemble(this, payload, length, last);
    if (whole != null) {
      loop.listener().onMessage(this, whole, whole.length);
    }
  }

  private void fail() {
    broken = true;
    ctx.close();
  }
}
