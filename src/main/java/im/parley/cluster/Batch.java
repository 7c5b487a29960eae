package im.parley.cluster;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** Frames under one header, being written. Event loop only. */
final class Batch {
  private final Buffer buffer;
  private int count;

  /** A batch that will hold about {@code bytes} of frames. */
  Batch(BatchHeader header, int bytes) {
    buffer = header.buffer(BatchHeader.LENGTH + bytes);
  }

  void add(Frame frame) {
    buffer.appendInt(frame.length() - Integer.BYTES).appendByte((byte) frame.kind().ordinal());
    if (frame.kind().isNumbered()) {
      buffer.appendLong(frame.number());
    }
    buffer.appendBuffer(frame.payload());
    count++;
  }

  int count() {
    return count;
  }

  /** Bytes, header included. */
  int length() {
    return buffer.length();
  }

  /** What goes on the wire; nothing is added any more. */
  Buffer finished() {
    BatchHeader.count(buffer, count);
    return buffer;
  }

  /**
   * The frames that follow {@code header}, their payloads views of {@code buffer}; null unless they
   * are whole and as many as it says.
   */
  static List<Frame> frames(BatchHeader header, Buffer buffer) {
    int end = buffer.length();
    if (header.count() < 0 || header.count() > end / Frame.HEAD) {
      return null;
    }
    List<Frame> frames = new ArrayList<>(header.count());
    int at = BatchHeader.LENGTH;
    while (at < end) {
      Frame frame = frame(buffer, at, end);
      if (frame == null) {
        return null;
      }
      frames.add(frame);
      at += frame.length();
    }
    return frames.size() == header.count() ? frames : null;
  }

  private static Frame frame(Buffer buffer, int at, int end) {
    if (end - at < Frame.HEAD) {
      return null;
    }
    int length = buffer.getInt(at);
    Frame.Kind kind = Frame.Kind.of(buffer.getByte(at + Integer.BYTES));
    int payload = at + Frame.HEAD + (kind != null && kind.isNumbered() ? Long.BYTES : 0);
    int frameEnd = at + Integer.BYTES + length;
    if (kind == null || length < 1 || length > end - at - Integer.BYTES || frameEnd < payload) {
      return null;
    }
    long number = kind.isNumbered() ? buffer.getLong(at + Frame.HEAD) : 0;
    return new Frame(kind, number, buffer.slice(payload, frameEnd));
  }
}
