package im.parley.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/**
 * Writes a server's frames: whole messages, never masked (RFC 6455 §5.1). The caller owns what it
 * gets.
 */
final class FrameEncoder {
  /** A close reason's longest form: a control payload less the code. */
  private static final int MAX_REASON_BYTES = FrameHeader.MAX_CONTROL_BYTES - 2;

  private FrameEncoder() {}

  static ByteBuf text(ByteBufAllocator allocator, byte[] utf8) {
    ByteBuf frame = allocator.directBuffer(headerSize(utf8.length) + utf8.length);
    writeHeader(frame, FrameHeader.FIN | FrameHeader.TEXT, utf8.length);
    return frame.writeBytes(utf8);
  }

  static ByteBuf pong(ByteBufAllocator allocator, ByteBuf payload) {
    int length = payload.readableBytes();
    ByteBuf frame = allocator.directBuffer(headerSize(length) + length);
    writeHeader(frame, FrameHeader.FIN | FrameHeader.PONG, length);
    return frame.writeBytes(payload, payload.readerIndex(), length);
  }

  /** A close frame; a reason too long for it is cut after a whole character. */
  static ByteBuf close(ByteBufAllocator allocator, int code, String reason) {
    byte[] utf8 = reason.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(utf8.length, MAX_REASON_BYTES);
    while (length < utf8.length && (utf8[length] & 0xC0) == 0x80) {
      length--;
    }
    ByteBuf frame = allocator.directBuffer(headerSize(length) + 2 + length);
    writeHeader(frame, FrameHeader.FIN | FrameHeader.CLOSE, 2 + length);
    return frame.writeShort(code).writeBytes(utf8, 0, length);
  }

  /** A close frame without a code, which answers one without. */
  static ByteBuf emptyClose(ByteBufAllocator allocator) {
    ByteBuf frame = allocator.directBuffer(2);
    writeHeader(frame, FrameHeader.FIN | FrameHeader.CLOSE, 0);
    return frame;
  }

  static int headerSize(int length) {
    return length < 126 ? 2 : length <= 0xFFFF ? 4 : 10;
  }

  static void writeHeader(ByteBuf frame, int flags, int length) {
    frame.writeByte(flags);
    if (length < 126) {
      frame.writeByte(length);
    } else if (length <= 0xFFFF) {
      frame.writeByte(126).writeShort(length);
    } else {
      frame.writeByte(127).writeLong(length);
    }
  }
}
