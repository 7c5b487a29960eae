package im.parley.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads requests. Keys of the envelope match whatever their ASCII case, as prim's do. */
public final class RequestReader {
  /** What prim answers, as bare text, to a frame that is no request. */
  public static final String MALFORMED_REPLY = "数据不合法";

  private RequestReader() {}

  /** The request in {@code json}, or null when it is not JSON or not of a request's shape. */
  public static Request read(byte[] json, int offset, int length) {
    // From bytes Jackson would guess the encoding, which is known, and copy the text once more.
    String text = new String(json, offset, length, StandardCharsets.UTF_8);
    try (JsonParser parser = Json.FACTORY.createParser(text)) {
      Request request = readEnvelope(parser);
      return request == null || parser.nextToken() != null ? null : request;
    } catch (IOException malformed) {
      return null;
    }
  }

  /** One JSON object, or null when {@code json} is anything else. */
  @SuppressWarnings("unchecked")
  public static Map<String, Object> readObject(String json) {
    try (JsonParser parser = Json.FACTORY.createParser(json)) {
      if (parser.nextToken() == null) {
        return null;
      }
      Object value = value(parser);
      return parser.nextToken() == null && value instanceof Map
          ? (Map<String, Object>) value
          : null;
    } catch (IOException malformed) {
      return null;
    }
  }

  private static Request readEnvelope(JsonParser parser) throws IOException {
    JsonToken start = parser.nextToken();
    if (start == JsonToken.VALUE_NULL) {
      return new Request("", Request.Verb.CMD, "", null); // probed: prim treats null as {}
    }
    if (start != JsonToken.START_OBJECT) {
      return null;
    }
    String seq = "";
    String action = "";
    Request.Verb verb = Request.Verb.CMD;
    Object data = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      JsonToken token = parser.nextToken();
      if ("data".equalsIgnoreCase(key)) {
        data = value(parser);
      } else if ("seq".equalsIgnoreCase(key)) {
        seq = text(parser, token, seq);
      } else if ("cmd".equalsIgnoreCase(key)) {
        action = text(parser, token, action);
        verb = Request.Verb.CMD;
      } else if ("action".equalsIgnoreCase(key)) {
        action = text(parser, token, action);
        verb = Request.Verb.ACTION;
      } else {
        parser.skipChildren();
      }
      if (seq == null || action == null) {
        return null;
      }
    }
    return new Request(seq, verb, action, data);
  }

  /**
   * The string at the parser; {@code before} for JSON null, as Go leaves a field; null for another
   * type.
   */
  private static String text(JsonParser parser, JsonToken token, String before) throws IOException {
    return token == JsonToken.VALUE_STRING
        ? parser.getText()
        : token == JsonToken.VALUE_NULL ? before : null;
  }

  private static Object value(JsonParser parser) throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String key = parser.currentName();
          parser.nextToken();
          object.put(key, value(parser));
        }
        return object;
      }
      case START_ARRAY -> {
        List<Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(parser));
        }
        return array;
      }
      case VALUE_STRING -> {
        return parser.getText();
      }
      case VALUE_NUMBER_INT -> {
        return parser.getNumberValue();
      }
      case VALUE_NUMBER_FLOAT -> {
        Number number = parser.getNumberValue();
        if (number instanceof Double real && real.isInfinite()) {
          throw new IOException("beyond a double"); // written back as Infinity it would be no JSON
        }
        return number;
      }
      case VALUE_TRUE -> {
        return Boolean.TRUE;
      }
      case VALUE_FALSE -> {
        return Boolean.FALSE;
      }
      case VALUE_NULL -> {
        return null;
      }
      default -> throw new IOException("unexpected token");
    }
  }
}
