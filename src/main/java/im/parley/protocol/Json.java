package im.parley.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.util.Map;
import java.util.function.Function;

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

  private static final ThreadLocal<JsonWriter> WRITER = ThreadLocal.withInitial(JsonWriter::new);

  private Json() {}

  /** A value that knows its own JSON. */
  public interface Writable {
    /** Writes exactly one JSON value. */
    void writeTo(JsonWriter json);
  }

  /** The UTF-8 text of one value. */
  public static byte[] encode(Object value) {
    return written(value, JsonWriter::toByteArray);
  }

  /** The text of one value. */
  public static String text(Object value) {
    return written(value, JsonWriter::toString);
  }

  private static <T> T written(Object value, Function<JsonWriter, T> result) {
    JsonWriter json = WRITER.get();
    assert json.isEmpty() : "a document within another";
    try {
      write(json, value);
      return result.apply(json);
    } finally {
      json.clear();
    }
  }

  /** Writes one value into a document. */
  public static void write(JsonWriter json, Object value) {
    if (value == null || value instanceof String) {
      json.text((String) value);
    } else if (value instanceof Writable writable) {
      writable.writeTo(json);
    } else if (value instanceof Integer || value instanceof Long) {
      json.number(((Number) value).longValue());
    } else if (value instanceof Number || value instanceof Boolean) {
      json.literal(value.toString());
    } else if (value instanceof Map<?, ?> map) {
      json.beginObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        json.name(entry.getKey().toString());
        write(json, entry.getValue());
      }
      json.endObject();
    } else if (value instanceof Iterable<?> items) {
      json.beginArray();
      for (Object item : items) {
        write(json, item);
      }
      json.endArray();
    } else {
      json.text(value.toString());
    }
  }
}
