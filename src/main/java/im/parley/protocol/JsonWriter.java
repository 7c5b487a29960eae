package im.parley.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes one JSON document after the other as UTF-8, into an array that it keeps. Sets the commas
 * itself; that braces and brackets match, and that each value in an object has a name, is the
 * caller's. One thread's at a time.
 *
 * <p>The bytes are those that Jackson writes. A character of two surrogates is escaped, for that is
 * what Jackson does, and stored bodies are compared with repeated ones; what is in {@link
 * #fieldsOf} stays as it is. A surrogate without its other half, which UTF-8 cannot say, becomes
 * U+FFFD. Escaped it comes in valid JSON, such as from a client that cut a text within an emoji.
 */
public final class JsonWriter {
  private static final int LARGE = 64 * 1024; // an array of more bytes is not kept
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
  private static final char REPLACEMENT = '\uFFFD';

  /** By ASCII character: 0 as it is, 'u' by its number, otherwise by that letter. */
  private static final byte[] ESCAPES = new byte[128];

  static {
    Arrays.fill(ESCAPES, 0, ' ', (byte) 'u');
    ESCAPES['\b'] = 'b';
    ESCAPES['\t'] = 't';
    ESCAPES['\n'] = 'n';
    ESCAPES['\f'] = 'f';
    ESCAPES['\r'] = 'r';
    ESCAPES['"'] = '"';
    ESCAPES['\\'] = '\\';
  }

  private byte[] bytes = new byte[512];
  private int size;
  private boolean comma; // the next name or value is not the first of its object or array

  JsonWriter() {}

  /** Throws away what was written; before the next document. */
  void clear() {
    if (bytes.length > LARGE) {
      bytes = new byte[512];
    }
    size = 0;
    comma = false;
  }

  boolean isEmpty() {
    return size == 0;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  @Override
  public String toString() {
    return new String(bytes, 0, size, StandardCharsets.UTF_8);
  }

  /** Begins an object. */
  public void beginObject() {
    open('{');
  }

  /** Ends it. */
  public void endObject() {
    close('}');
  }

  /** Begins an array. */
  public void beginArray() {
    open('[');
  }

  /** Ends it. */
  public void endArray() {
    close(']');
  }

  /** Names the value that comes next. */
  public void name(String name) {
    text(name);
    put(':');
    comma = false;
  }

  /** Writes a name and its value; null for null. */
  public void field(String name, String value) {
    name(name);
    text(value);
  }

  /** Writes a name and its value. */
  public void field(String name, long value) {
    name(name);
    number(value);
  }

  /** Writes a name and its value. */
  public void field(String name, boolean value) {
    name(name);
    literal(value ? "true" : "false");
  }

  /** Writes a string; null for null. */
  public void text(String text) {
    if (text == null) {
      literal("null");
      return;
    }
    separate(text.length() + 3);
    bytes[size++] = '"';
    string(text);
    put('"');
    comma = true;
  }

  /** Writes a whole number. */
  public void number(long number) {
    if (number < 0) {
      literal(Long.toString(number));
      return;
    }
    separate(20);
    int digits = 1;
    for (long left = number; left > 9; left /= 10) {
      digits++;
    }
    size += digits;
    long left = number;
    for (int at = size - 1; digits > 0; digits--) {
      bytes[at--] = (byte) ('0' + left % 10);
      left /= 10;
    }
    comma = true;
  }

  /** Writes {@code true}, {@code null}, or a number as it is; ASCII. */
  public void literal(String literal) {
    separate(literal.length() + 1);
    for (int i = 0; i < literal.length(); i++) {
      bytes[size++] = (byte) literal.charAt(i);
    }
    comma = true;
  }

  /** Writes the fields of {@code object}, which is the text of one JSON object, beside others. */
  public void fieldsOf(String object) {
    if (object.length() > 2) {
      byte[] utf8 = object.getBytes(StandardCharsets.UTF_8); // vectorized, a loop here is not
      int length = utf8.length - 2;
      separate(length + 1);
      System.arraycopy(utf8, 1, bytes, size, length);
      size += length;
      comma = true;
    }
  }

  private void open(char bracket) {
    separate(2);
    bytes[size++] = (byte) bracket;
    comma = false;
  }

  private void close(char bracket) {
    put(bracket);
    comma = true;
  }

  /** Writes the comma if there must be one, and makes room for {@code more} bytes with it. */
  private void separate(int more) {
    reserve(more);
    if (comma) {
      bytes[size++] = ',';
    }
  }

  /** Writes a string's characters, for which there is room if none needs an escape. */
  private void string(String text) {
    int length = text.length();
    int i = ascii(text, length);
    for (; i < length; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        ascii(c);
      } else if (!Character.isSurrogate(c)) {
        multibyte(c);
      } else if (isPair(text, i, length)) {
        escape(c);
        escape(text.charAt(++i));
      } else {
        multibyte(REPLACEMENT);
      }
    }
  }

  /** Writes as much as is ASCII and needs no escape; returns where that ends. */
  private int ascii(String text, int length) {
    byte[] into = bytes;
    int end = size;
    int i = 0;
    for (; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80 || ESCAPES[c] != 0) {
        break;
      }
      into[end++] = (byte) c;
    }
    size = end;
    return i;
  }

  private void ascii(char c) {
    byte letter = ESCAPES[c];
    if (letter == 0) {
      put(c);
    } else if (letter == 'u') {
      escape(c);
    } else {
      put('\\');
      put((char) letter);
    }
  }

  private void escape(char c) {
    reserve(6);
    bytes[size++] = '\\';
    bytes[size++] = 'u';
    for (int shift = 12; shift >= 0; shift -= 4) {
      bytes[size++] = HEX[c >> shift & 0xF];
    }
  }

  /** Writes a character that is neither ASCII nor half of one. */
  private void multibyte(char c) {
    reserve(3);
    if (c < 0x800) {
      bytes[size++] = (byte) (0xC0 | c >> 6);
    } else {
      bytes[size++] = (byte) (0xE0 | c >> 12);
      bytes[size++] = (byte) (0x80 | c >> 6 & 0x3F);
    }
    bytes[size++] = (byte) (0x80 | c & 0x3F);
  }

  private static boolean isPair(String text, int i, int end) {
    return Character.isHighSurrogate(text.charAt(i))
        && i + 1 < end
        && Character.isLowSurrogate(text.charAt(i + 1));
  }

  private void put(char ascii) {
    reserve(1);
    bytes[size++] = (byte) ascii;
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
    }
  }
}
