package im.parley.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;

/**
 * What all WebSockets of one event loop share, so that none needs its own: options, the flush
 * queue, the closing queue and one deflater and inflater. A gateway makes one for its loop and owns
 * it. Everything here is for that event loop only.
 */
class WebSocketLoop {
  private final EventLoop eventLoop;
  private final WebSocketOptions options;
  private final FlushQueue flushQueue;
  private final ClosingQueue closingQueue;
  private final MessageDeflate deflate;

  WebSocketLoop(EventLoop eventLoop, WebSocketOptions options) {
    this.eventLoop = eventLoop;
    this.options = options;
    this.flushQueue = new FlushQueue(eventLoop, this::moreWaits);
    this.closingQueue = new ClosingQueue(eventLoop, options.closeTimeout());
    this.deflate = options.compression() ? new MessageDeflate(allocator()) : null;
  }

  /**
   * A text frame for any connection, in a pooled direct buffer that the caller owns. To write it to
   * many connections, write a {@link ByteBuf#retainedDuplicate()} to each and release the original
   * at the end.
   *
   * @param utf8 the payload
   */
  ByteBuf encodeText(byte[] utf8) {
    return FrameEncoder.text(allocator(), utf8);
  }

  /**
   * The same for connections that negotiated compression, and only for those; it may be shared like
   * the plain one, because no connection keeps a compression context. A payload that would not
   * shrink comes back as a plain frame.
   */
  ByteBuf encodeDeflated(byte[] utf8) {
    assert inEventLoop();
    return deflate.encodeText(utf8);
  }

  /** Whether this turn of the loop may still write to connections that have written already. */
  boolean moreWaits() {
    return true;
  }

  boolean inEventLoop() {
    return eventLoop.inEventLoop();
  }

  EventLoop eventLoop() {
    return eventLoop;
  }

  WebSocketOptions options() {
    return options;
  }

  ByteBufAllocator allocator() {
    return PooledByteBufAllocator.DEFAULT;
  }

  FlushQueue flushQueue() {
    return flushQueue;
  }

  ClosingQueue closingQueue() {
    return closingQueue;
  }

  MessageDeflate deflate() {
    return deflate;
  }

  /** Frees the native memory of the compressor, when no connection of the loop is left. */
  void close() {
    if (deflate != null) {
      deflate.close();
    }
  }
}
