package im.parley.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Holds the writer to Jackson's bytes. */
class JsonWriterTest {
  private static final JsonFactory JACKSON = new JsonFactory();

  private final Random random = new Random(20261125);

  @Test
  void everyCharacterIsWrittenAsJacksonWritesIt() throws IOException {
    for (int c = 0; c < 0x10000; c++) {
      if (!Character.isSurrogate((char) c)) {
        assertSame("a" + (char) c + "b" + (char) c);
      }
    }
    for (int point = 0x10000; point <= 0x10FFFF; point += 251) {
      assertSame("a" + Character.toString(point));
    }
  }

  @Test
  void numbersAreWrittenAsJacksonWritesThem() throws IOException {
    for (long number = 1; number > 0 && number < Long.MAX_VALUE / 10; number *= 10) {
      assertSame(Arrays.asList(number - 1, number, number + 1, -number, (int) number));
    }
    assertSame(Arrays.asList(0, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MIN_VALUE, 0.1, -1e300));
    assertSame(Arrays.asList(new BigInteger("123456789012345678901234567890"), true, false, null));
  }

  @Test
  void randomDocumentsAreWrittenAsJacksonWritesThem() throws IOException {
    for (int i = 0; i < 20_000; i++) {
      assertSame(value(4));
    }
  }

  @Test
  void aLargeTextIsWrittenWholeAndItsArrayIsNotInTheWay() throws IOException {
    assertSame("\"\n\u4f60".repeat(100_000));
    assertSame("short");
  }

  @Test
  void whatFailedHalfwayIsNotInTheNextDocument() {
    Json.Writable failing =
        json -> {
          json.beginObject();
          json.name("half");
          throw new IllegalStateException("told to fail");
        };
    assertThrows(IllegalStateException.class, () -> Json.text(failing));
    assertEquals("[1]", Json.text(List.of(1)));
  }

  @Test
  void aSurrogateWithoutItsOtherHalfIsReplaced() {
    assertEquals("\"a\uFFFDb\"", Json.text("a\uD83Db"));
    assertEquals("\"a\uFFFD\"", Json.text("a\uD83D"));
    assertEquals("\"\uFFFD\uFFFD\"", Json.text("\uDE00\uD83D"));
  }

  @Test
  void theFieldsOfAnObjectStandBesideOthers() {
    assertEquals(
        "{\"a\":1,\"b\":\"é\\n\",\"c\":\"\ud83d\ude00\",\"d\":2}",
        withFieldsOf("{\"b\":\"\u00e9\\n\",\"c\":\"\ud83d\ude00\"}"));
    assertEquals("{\"a\":1,\"d\":2}", withFieldsOf("{}"));
  }

  private static String withFieldsOf(String object) {
    Json.Writable document =
        json -> {
          json.beginObject();
          json.field("a", 1);
          json.fieldsOf(object);
          json.field("d", 2);
          json.endObject();
        };
    return Json.text(document);
  }

  private static void assertSame(Object value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JACKSON.createGenerator(bytes)) {
      write(json, value);
    }
    assertEquals(bytes.toString(StandardCharsets.UTF_8), Json.text(value));
    assertEquals(
        bytes.toString(StandardCharsets.UTF_8),
        new String(Json.encode(value), StandardCharsets.UTF_8));
  }

  private static void write(JsonGenerator json, Object value) throws IOException {
    if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        json.writeFieldName((String) entry.getKey());
        write(json, entry.getValue());
      }
      json.writeEndObject();
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      for (Object item : list) {
        write(json, item);
      }
      json.writeEndArray();
    } else if (value instanceof Number number) {
      json.writeNumber(number.toString());
    } else {
      json.writePOJO(value);
    }
  }

  private Object value(int depth) {
    return switch (random.nextInt(depth > 0 ? 8 : 5)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> random.nextLong() >> random.nextInt(64);
      case 3 -> random.nextInt();
      case 5 -> list(depth);
      case 6, 7 -> map(depth);
      default -> text();
    };
  }

  private List<Object> list(int depth) {
    List<Object> list = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      list.add(value(depth - 1));
    }
    return list;
  }

  private Map<String, Object> map(int depth) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      map.put(text(), value(depth - 1));
    }
    return map;
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    int ceiling = new int[] {0x80, 0x100, 0x3000, 0x10FFFF}[random.nextInt(4)];
    for (int i = random.nextInt(30); i > 0; i--) {
      int point = random.nextInt(ceiling);
      text.appendCodePoint(point >= 0xD800 && point < 0xE000 ? '"' : point);
    }
    return text.toString();
  }
}
