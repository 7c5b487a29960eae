package im.parley.loadtest.floor;

import static im.parley.loadtest.floor.Fields.ascii;

import im.parley.loadtest.floor.Fields.Range;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

/** Encodes the floor's replies and pushes as whole frames, RFC 6455 §5.2. */
final class Answers {
  private static final byte[] SEQ = ascii("{\"seq\":\"");
  private static final byte[] ACTION = ascii("\",\"action\":\"");
  private static final byte[] CMD = ascii("\",\"cmd\":\"");
  private static final byte[] SUCCESS =
      ascii("\",\"response\":{\"code\":200,\"codeMsg\":\"Success\",\"data\":");
  private static final byte[] END = ascii("}}");
  private static final byte[] PUSH =
      ascii(
          "{\"seq\":\"1\",\"action\":\"msg\",\"response\":{\"code\":200,\"codeMsg\":\"Ok\",\"data\":{\"id\":\"1\",\"conversation\":\"c\",\"epoch\":\"e\",\"offset\":1,\"from\":\"");
  private static final byte[] MESSAGE =
      ascii("\",\"platform\":\"web\",\"time\":1,\"type\":\"text\",\"msg\":\"");
  private static final byte[] PUSH_END = ascii("\"}}}");

  private Answers() {}

  static ByteBuf reply(Fields request, byte[] data) {
    Range seq = request.seq();
    Range action = request.action();
    byte[] verb = request.saysCmd() ? CMD : ACTION;
    int length = SEQ.length + verb.length + SUCCESS.length + END.length + data.length;
    ByteBuf frame = begin(length + seq.length() + action.length());
    request.copy(seq, frame.writeBytes(SEQ));
    request.copy(action, frame.writeBytes(verb));
    return frame.writeBytes(SUCCESS).writeBytes(data).writeBytes(END);
  }

  /** A message push; the caller owns the frame and may share it. */
  static ByteBuf push(byte[] from, byte[] text) {
    ByteBuf frame =
        begin(PUSH.length + from.length + MESSAGE.length + text.length + PUSH_END.length);
    frame.writeBytes(PUSH).writeBytes(from).writeBytes(MESSAGE).writeBytes(text);
    return frame.writeBytes(PUSH_END);
  }

  private static ByteBuf begin(int length) {
    ByteBuf frame = PooledByteBufAllocator.DEFAULT.directBuffer(length + 4);
    frame.writeByte(0x81);
    return length < 126 ? frame.writeByte(length) : frame.writeByte(126).writeShort(length);
  }
}
