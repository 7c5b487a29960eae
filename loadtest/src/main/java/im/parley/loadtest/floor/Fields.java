package im.parley.loadtest.floor;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** A request's text and where its string fields lie in it, found by scanning. */
final class Fields {
  private static final byte[] SEQ = ascii("\"seq\":\"");
  private static final byte[] ACTION = ascii("\"action\":\"");
  private static final byte[] CMD = ascii("\"cmd\":\"");

  private final byte[] text;

  Fields(byte[] text) {
    this.text = text;
  }

  static byte[] ascii(String value) {
    return value.getBytes(StandardCharsets.US_ASCII);
  }

  /** A field's content; empty if it is not there. */
  record Range(int from, int length) {
    static final Range NONE = new Range(0, 0);
  }

  Range seq() {
    return find(SEQ);
  }

  boolean saysCmd() {
    return find(ACTION) == Range.NONE;
  }

  Range action() {
    Range action = find(ACTION);
    return action == Range.NONE ? find(CMD) : action;
  }

  /**
   * @param name with its quotes, the colon and the quote that opens the content
   */
  Range find(byte[] name) {
    for (int i = 0; i + name.length <= text.length; i++) {
      if (text[i] == '"' && text[i + 1] == name[1] && matches(name, i)) {
        int from = i + name.length;
        int end = from;
        while (end < text.length && text[end] != '"') {
          end++;
        }
        return new Range(from, end - from);
      }
    }
    return Range.NONE;
  }

  boolean is(Range range, byte[] value) {
    return range.length() == value.length && matches(value, range.from());
  }

  String string(Range range) {
    return new String(text, range.from(), range.length(), StandardCharsets.UTF_8);
  }

  void copy(Range range, ByteBuf into) {
    into.writeBytes(text, range.from(), range.length());
  }

  private boolean matches(byte[] value, int at) {
    for (int i = 0; i < value.length; i++) {
      if (text[at + i] != value[i]) {
        return false;
      }
    }
    return true;
  }
}
