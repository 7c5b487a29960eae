package im.parley.loadtest.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing text of one request, reused for the next, so that sending allocates nothing. */
public final class RequestText {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private byte[] bytes = new byte[512];
  private int length;

  public RequestText clear() {
    length = 0;
    return this;
  }

  public RequestText add(byte[] part) {
    room(part.length);
    System.arraycopy(part, 0, bytes, length, part.length);
    length += part.length;
    return this;
  }

  public RequestText add(String part) {
    return add(part.getBytes(StandardCharsets.UTF_8));
  }

  /** Sixteen hexadecimal digits. */
  public RequestText hex(long value) {
    room(16);
    for (int i = 15; i >= 0; i--) {
      bytes[length + i] = HEX[(int) value & 15];
      value >>>= 4;
    }
    length += 16;
    return this;
  }

  public RequestText decimal(int value) {
    room(11);
    int digits = 1;
    for (int rest = value / 10; rest > 0; rest /= 10) {
      digits++;
    }
    for (int i = digits - 1; i >= 0; i--) {
      bytes[length + i] = (byte) ('0' + value % 10);
      value /= 10;
    }
    length += digits;
    return this;
  }

  public RequestText fill(char c, int count) {
    room(count);
    Arrays.fill(bytes, length, length + count, (byte) c);
    length += count;
    return this;
  }

  public void sendTo(Connection connection) {
    connection.send(bytes, length);
  }

  public int length() {
    return length;
  }

  @Override
  public String toString() {
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private void room(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
    }
  }
}
