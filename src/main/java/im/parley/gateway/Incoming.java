package im.parley.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * What a connection keeps of a message that has not come completely: the bytes of a half frame, and
 * the payloads of the fragments before it. A connection has one only as long as there is something
 * in it. Event loop only.
 */
final class Incoming {
  private final ByteBufAllocator allocator;
  private ByteBuf half;
  private ByteBuf message;
  private boolean text;
  private boolean deflated;
  private int utf8 = Utf8.WHOLE;

  Incoming(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  boolean isEmpty() {
    return half == null && message == null;
  }

  /**
   * The bytes from the last frame border on, which the caller then owns; null if there are none.
   */
  ByteBuf takeHalf() {
    ByteBuf taken = half;
    half = null;
    return taken;
  }

  /** Gives back what was taken, or what is left of it. */
  void putHalf(ByteBuf bytes) {
    half = bytes;
  }

  /**
   * Keeps all that is readable of {@code in} behind what is kept already; the caller still owns
   * {@code in}.
   */
  void keep(ByteBuf in) {
    if (half == null) {
      half = allocator.directBuffer(in.readableBytes());
    }
    append(half, in, in.readableBytes());
  }

  /**
   * Moves bytes from one buffer to the end of another, which grows by doubling: a peer that
   * announces a large frame and sends little of it costs little.
   */
  static void append(ByteBuf to, ByteBuf from, int bytes) {
    if (to.writableBytes() < bytes) {
      to.discardReadBytes();
      if (to.writableBytes() < bytes) {
        to.capacity(Math.max(to.writerIndex() + bytes, 2 * to.capacity()));
      }
    }
    to.writeBytes(from, bytes);
  }

  boolean isFragmented() {
    return message != null;
  }

  boolean isText() {
    return text;
  }

  boolean isDeflated() {
    return deflated;
  }

  /** Payload bytes of the fragments so far. */
  int messageBytes() {
    return message == null ? 0 : message.readableBytes();
  }

  void begin(boolean text, boolean deflated) {
    this.text = text;
    this.deflated = deflated;
    utf8 = Utf8.WHOLE;
    message = allocator.directBuffer(0);
  }

  /** Adds a fragment; false if it cannot be part of a text. */
  boolean addFragment(ByteBuf payload, boolean last) {
    if (text && !deflated) {
      utf8 = Utf8.check(utf8, payload, payload.readerIndex(), payload.writerIndex());
      if (utf8 == Utf8.INVALID || last && utf8 != Utf8.WHOLE) {
        return false;
      }
    }
    append(message, payload, payload.readableBytes());
    return true;
  }

  /** The joined message, which the caller then owns. */
  ByteBuf takeMessage() {
    ByteBuf taken = message;
    message = null;
    return taken;
  }

  void release() {
    if (half != null) {
      half.release();
      half = null;
    }
    if (message != null) {
      message.release();
      message = null;
    }
  }
}
