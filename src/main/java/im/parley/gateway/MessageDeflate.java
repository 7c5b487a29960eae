package im.parley.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * permessage-deflate (RFC 7692) without context takeover: every message stands alone, so one
 * compressor and one decompressor serve all connections of an event loop, which owns them. Event
 * loop only.
 */
final class MessageDeflate {
  /** Below this a compressed text is hardly ever smaller. */
  private static final int MIN_DEFLATED_BYTES = 64;

  /** What a sender cuts off the end of each message and a receiver puts back, RFC 7692 §7.2.1. */
  private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

  private static final int MAX_HEADER_BYTES = 10;

  private final ByteBufAllocator allocator;
  private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
  private final Inflater inflater = new Inflater(true);

  MessageDeflate(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  /**
   * The longest compressed form that a peer may need for a message; zlib's own bound for its least
   * able settings.
   */
  static long maxDeflatedBytes(int messageBytes) {
    return messageBytes + (messageBytes + 7L) / 8 + (messageBytes + 63L) / 64 + 64;
  }

  /** A text frame, compressed if that makes it smaller. The caller owns it. */
  ByteBuf encodeText(byte[] utf8) {
    if (utf8.length < MIN_DEFLATED_BYTES) {
      return FrameEncoder.text(allocator, utf8);
    }
    // The header's size depends on the result: the payload goes behind room for the longest.
    ByteBuf frame = allocator.directBuffer(MAX_HEADER_BYTES + utf8.length);
    int length = deflate(utf8, frame.internalNioBuffer(MAX_HEADER_BYTES, utf8.length));
    if (length < 0) {
      frame.release();
      return FrameEncoder.text(allocator, utf8);
    }
    int start = MAX_HEADER_BYTES - FrameEncoder.headerSize(length);
    frame.setIndex(start, start);
    FrameEncoder.writeHeader(frame, FrameHeader.FIN | FrameHeader.RSV1 | FrameHeader.TEXT, length);
    return frame.writerIndex(MAX_HEADER_BYTES + length);
  }

  /** The compressed length without the tail, or -1 if it does not fit. */
  private int deflate(byte[] utf8, ByteBuffer out) {
    deflater.reset();
    deflater.setInput(utf8);
    int length = deflater.deflate(out, Deflater.SYNC_FLUSH);
    // A full buffer cannot tell whether the flush is complete.
    return out.hasRemaining() ? length - TAIL.length : -1;
  }

  /**
   * The message that a peer compressed; the caller owns it. Never holds more than {@code maxBytes},
   * whatever the input claims.
   *
   * @return null if the message is longer
   * @throws DataFormatException if the payload is not deflated data
   */
  ByteBuf inflate(ByteBuf payload, int maxBytes) throws DataFormatException {
    inflater.reset();
    int guess = (int) Math.min(maxBytes, 4L * payload.readableBytes() + 64);
    ByteBuf out = allocator.directBuffer(guess, maxBytes);
    boolean whole = false;
    try {
      inflater.setInput(payload.nioBuffer());
      whole = drain(out);
      if (whole && !inflater.finished()) {
        inflater.setInput(TAIL);
        whole = drain(out);
      }
      return whole ? out : null;
    } finally {
      if (!whole) {
        out.release();
      }
      // Lets go of the payload, whose memory is the caller's.
      inflater.setInput(ByteBuffer.allocate(0));
    }
  }

  /** Inflates all the input there is; false if there is no room for its output. */
  private boolean drain(ByteBuf out) throws DataFormatException {
    while (!inflater.finished()) {
      if (!out.isWritable()) {
        if (out.capacity() == out.maxCapacity()) {
          return !producesMore();
        }
        out.capacity((int) Math.min(out.maxCapacity(), 2L * out.capacity()));
      }
      int produced =
          inflater.inflate(out.internalNioBuffer(out.writerIndex(), out.writableBytes()));
      out.writerIndex(out.writerIndex() + produced);
      if (produced == 0) {
        if (inflater.needsDictionary()) {
          throw new DataFormatException("preset dictionary");
        }
        return true;
      }
    }
    return true;
  }

  private boolean producesMore() throws DataFormatException {
    return inflater.inflate(new byte[1]) > 0;
  }

  void close() {
    deflater.end();
    inflater.end();
  }
}
