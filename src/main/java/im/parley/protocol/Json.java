package im.parley.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.BufferRecycler;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * JSON text from plain values: null, String, Number, Boolean, Map, Iterable, {@link Writable}.
 * Streaming, without reflection.
 */
public final class Json {
  /** Deeper documents are refused as malformed; real requests have four levels. */
  static final int MAX_DEPTH = 32;

  static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(100)
                  .maxNameLength(1_000)
                  .build())
          // The names of a hostile client must not fill a table that is shared by all.
          .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, false)
          .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
          .build();

  private static final char REPLACEMENT = '\uFFFD';

  private Json() {}

  /** A value that knows its own JSON. */
  public interface Writable {
    /** Writes exactly one JSON value. */
    void writeTo(JsonGenerator json) throws IOException;
  }

  /** The UTF-8 text of one value. */
  public static byte[] encode(Object value) {
    return encode(json -> write(json, value));
  }

  /** The text of one value. */
  public static String text(Object value) {
    return new String(encode(value), StandardCharsets.UTF_8);
  }

  /** The UTF-8 text that {@code document} writes. */
  public static byte[] encode(Writable document) {
    try (ByteArrayBuilder bytes = new ByteArrayBuilder((BufferRecycler) null, 256)) {
      try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
        document.writeTo(json);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes one value into a document. */
  public static void write(JsonGenerator json, Object value) throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof String text) {
      json.writeString(wellFormed(text));
    } else if (value instanceof Integer number) {
      json.writeNumber(number);
    } else if (value instanceof Long number) {
      json.writeNumber(number);
    } else if (value instanceof Boolean bool) {
      json.writeBoolean(bool);
    } else if (value instanceof Writable writable) {
      writable.writeTo(json);
    } else if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        json.writeFieldName(wellFormed(entry.getKey().toString()));
        write(json, entry.getValue());
      }
      json.writeEndObject();
    } else if (value instanceof Iterable<?> items) {
      json.writeStartArray();
      for (Object item : items) {
        write(json, item);
      }
      json.writeEndArray();
    } else if (value instanceof Number number) {
      json.writeNumber(number.toString());
    } else {
      json.writeString(wellFormed(value.toString()));
    }
  }

  /**
   * {@code text} with U+FFFD in place of each surrogate without its other half, which UTF-8 cannot say. Escaped it comes in valid JSON,
   * such as from a client that cut a text within an emoji.
   */
  static String wellFormed(String text) {
    StringBuilder mended = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        continue;
      }
      if (mended == null) {
        mended = new StringBuilder(text);
      }
      mended.setCharAt(i, REPLACEMENT);
    }
    return mended == null ? text : mended.toString();
  }
}
