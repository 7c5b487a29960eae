package im.parley.loadtest.wire;

import java.nio.charset.StandardCharsets;

/**
 * What a load test needs to know of a received envelope, found by scanning and not by parsing, so
 * that a message costs well under a microsecond. One per event loop, filled anew for each message.
 */
public final class Reply {
  private static final byte[] SEQ = ascii("\"seq\":\"");
  private static final byte[] ACTION = ascii("\"action\":\"");
  private static final byte[] CMD = ascii("\"cmd\":\"");
  private static final byte[] CODE = ascii("\"code\":");
  private static final byte[] MARK = ascii("@@");

  /** Hexadecimal digits of a time in a {@code seq} or between two marks. */
  private static final int DIGITS = 16;

  private byte[] text;
  private int length;
  private int seqAt;
  private int actionAt;

  private static byte[] ascii(String value) {
    return value.getBytes(StandardCharsets.US_ASCII);
  }

  public void read(byte[] message, int size) {
    text = message;
    length = size;
    seqAt = after(SEQ, 0);
    actionAt = after(ACTION, 0);
    if (actionAt < 0) {
      actionAt = after(CMD, 0);
    }
  }

  public boolean isAction(byte[] name) {
    return actionAt >= 0
        && startsWith(name, actionAt)
        && actionAt + name.length < length
        && text[actionAt + name.length] == '"';
  }

  /** The reply's code; 0 if there is none. */
  public int code() {
    int at = after(CODE, 0);
    int code = 0;
    while (at >= 0 && at < length && text[at] >= '0' && text[at] <= '9' && code < 1_000_000) {
      code = code * 10 + text[at++] - '0';
    }
    return code;
  }

  /** The first character of {@code seq}, by which a scenario knows what it had asked; 0 if none. */
  public char kind() {
    return seqAt < 0 || seqAt >= length ? 0 : (char) text[seqAt];
  }

  /** The time that the request carried in its {@code seq}, in nanoseconds; 0 if there is none. */
  public long seqTime() {
    return seqAt < 0 ? 0 : hex(seqAt + 1);
  }

  /** The time in the first marker {@code @@hhhhhhhhhhhhhhhh@@} of a message's body; 0 if none. */
  public long marker() {
    int at = after(MARK, 0);
    return at < 0 ? 0 : hex(at);
  }

  /** How many markers there are, as in a page of messages. */
  public int markers() {
    int count = 0;
    for (int at = after(MARK, 0); at >= 0; at = after(MARK, at)) {
      count++;
    }
    return count / 2;
  }

  /** Whether {@code part} is in the message. */
  public boolean contains(byte[] part) {
    return after(part, 0) >= 0;
  }

  private long hex(int at) {
    if (at + DIGITS > length) {
      return 0;
    }
    long value = 0;
    for (int i = at; i < at + DIGITS; i++) {
      int digit = Character.digit(text[i], 16);
      if (digit < 0) {
        return 0;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private int after(byte[] part, int from) {
    byte first = part[0];
    byte second = part[1];
    for (int i = from; i <= length - part.length; i++) {
      if (text[i] == first && text[i + 1] == second && startsWith(part, i)) {
        return i + part.length;
      }
    }
    return -1;
  }

  private boolean startsWith(byte[] part, int at) {
    if (at + part.length > length) {
      return false;
    }
    for (int i = 0; i < part.length; i++) {
      if (text[at + i] != part[i]) {
        return false;
      }
    }
    return true;
  }
}
