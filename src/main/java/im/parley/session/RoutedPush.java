package im.parley.session;

import im.parley.protocol.Json;
import im.parley.protocol.Message;
import im.parley.protocol.Push;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;

/**
 * A push on its way to another node, and how it travels: a byte of kind, a byte of flags, then
 * strings, each as its length in 4 bytes and its UTF-8, −1 for null. Encoded once for all nodes,
 * but for the flags that say which of the audience's topics brought it to a node.
 *
 * @param push what is to be delivered
 * @param audience to whom; its excepted session is of the sender's node and does not travel
 * @param forwarded whether it was sent on already by a node that nobody listened on any more
 */
record RoutedPush(Push push, Audience audience, boolean forwarded) {
  private static final byte MESSAGE = 1;
  private static final byte EVENT = 2;
  private static final byte FORWARDED = 1;
  private static final byte DROPPABLE = 2;
  private static final int FLAGS_AT = 1;

  /** The node is thought to listen to the audience's topic. */
  static final byte FOR_TOPIC = 4;

  /** The node is thought to listen to its other topic. */
  static final byte FOR_OTHER = 8;

  /** The frame for the bus. */
  Buffer encode() {
    Message message = push.message();
    Buffer frame = Buffer.buffer(message == null ? 256 : 256 + message.body().length());
    frame.appendByte(message == null ? EVENT : MESSAGE);
    frame.appendByte((byte) ((forwarded ? FORWARDED : 0) | (push.droppable() ? DROPPABLE : 0)));
    text(frame, audience.topic());
    text(frame, audience.other());
    text(frame, audience.exceptUser());
    if (message == null) {
      text(frame, push.action());
      text(frame, push.seq());
      bytes(frame, Json.encode(push.data()));
    } else {
      text(frame, message.id());
      text(frame, message.conversation());
      text(frame, message.epoch());
      frame.appendLong(message.offset());
      text(frame, message.from());
      text(frame, message.platform());
      frame.appendLong(message.time());
      text(frame, message.cid());
      text(frame, message.type());
      text(frame, message.body());
    }
    return frame;
  }

  /** The same frame for a node that is thought to listen to these. */
  static Buffer aimed(Buffer frame, int topics) {
    return frame.copy().setByte(FLAGS_AT, (byte) (frame.getByte(FLAGS_AT) | topics));
  }

  /** Whether a frame came because of a topic, {@link #FOR_TOPIC} or {@link #FOR_OTHER}. */
  static boolean isAimed(Buffer frame, byte topic) {
    return (frame.getByte(FLAGS_AT) & topic) != 0;
  }

  /**
   * What a frame says.
   *
   * @throws RuntimeException when it is none, whatever its bytes
   */
  static RoutedPush decode(Buffer frame) {
    Reader reader = new Reader(frame);
    byte kind = reader.octet();
    byte flags = reader.octet();
    Audience audience = new Audience(reader.required(), reader.text(), 0, reader.text());
    Push push =
        switch (kind) {
          case MESSAGE ->
              Push.of(
                  new Message(
                      reader.required(),
                      reader.required(),
                      reader.required(),
                      reader.number(),
                      reader.required(),
                      reader.required(),
                      reader.number(),
                      reader.required(),
                      reader.required(),
                      reader.required()));
          case EVENT -> event((flags & DROPPABLE) != 0, reader);
          default -> throw new IllegalArgumentException("unknown kind of push: " + kind);
        };
    return new RoutedPush(push, audience, (flags & FORWARDED) != 0);
  }

  /** The same, sent on. */
  RoutedPush forward() {
    return new RoutedPush(push, audience, true);
  }

  private static Push event(boolean droppable, Reader reader) {
    String action = reader.required();
    String seq = reader.required();
    Object data =
        new JsonObject(
                Buffer.buffer("{\"data\":").appendBuffer(reader.bytes()).appendByte((byte) '}'))
            .getMap()
            .get("data");
    return droppable ? Push.droppable(action, seq, data) : Push.of(action, seq, data);
  }

  private static void text(Buffer frame, String text) {
    bytes(frame, text == null ? null : text.getBytes(StandardCharsets.UTF_8));
  }

  private static void bytes(Buffer frame, byte[] bytes) {
    frame.appendInt(bytes == null ? -1 : bytes.length);
    if (bytes != null) {
      frame.appendBytes(bytes);
    }
  }

  /** Reads one after the other; every length is checked by the buffer itself. */
  private static final class Reader {
    private final Buffer frame;
    private int at;

    Reader(Buffer frame) {
      this.frame = frame;
    }

    byte octet() {
      return frame.getByte(at++);
    }

    long number() {
      long number = frame.getLong(at);
      at += Long.BYTES;
      return number;
    }

    Buffer bytes() {
      int length = frame.getInt(at);
      at += Integer.BYTES;
      if (length < 0) {
        return null;
      }
      Buffer bytes = frame.slice(at, Math.addExact(at, length));
      at += length;
      return bytes;
    }

    String text() {
      Buffer bytes = bytes();
      return bytes == null ? null : bytes.toString(StandardCharsets.UTF_8);
    }

    String required() {
      String text = text();
      if (text == null) {
        throw new IllegalArgumentException("a text is missing at byte " + at);
      }
      return text;
    }
  }
}
