package im.parley.protocol;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The data of a request, read with checks. Every getter refuses a wrong type with {@link
 * ErrorCode#ILLEGAL_PARAMETER} and says the field, what it got and what was expected. Names match
 * whatever their ASCII case; a JSON null counts as absent.
 */
public final class Fields {
  private final Map<String, Object> values;

  private Fields(Map<String, Object> values) {
    this.values = values;
  }

  /** The fields of {@code data}: an object; null counts as an empty one. */
  public static Fields of(Object data) {
    return of("data", data);
  }

  @SuppressWarnings("unchecked")
  private static Fields of(String name, Object data) {
    if (data == null) {
      return new Fields(Map.of());
    }
    if (data instanceof Map<?, ?> map) {
      return new Fields((Map<String, Object>) map);
    }
    throw wrong(name, "an object", data);
  }

  /** A refusal that says what was wrong with {@code name}. */
  public static Refusal wrong(String name, String expected, Object got) {
    String shown =
        got == null
            ? "nothing"
            : got instanceof Map ? "an object" : got instanceof List ? "a list" : abbreviate(got);
    return new Refusal(
        ErrorCode.ILLEGAL_PARAMETER, name + ": expected " + expected + ", got " + shown);
  }

  /** All fields as they came. */
  public Map<String, Object> values() {
    return values;
  }

  /** Whether any of the synonyms is there. */
  public boolean has(String... names) {
    return raw(names) != null;
  }

  /** A string, or null when absent. */
  public String optionalText(String... names) {
    Object value = raw(names);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw wrong(names[0], "a string", value);
  }

  /** A string of 1 to {@code maxBytes} UTF-8 bytes without control characters. */
  public String identifier(String name, int maxBytes) {
    String value = optionalText(name);
    if (!isIdentifier(value, maxBytes)) {
      throw wrong(
          name, "a string of 1 to " + maxBytes + " bytes without control characters", value);
    }
    return value;
  }

  /** Like {@link #identifier(String, int)} but {@code fallback} when absent or empty. */
  public String identifier(String name, int maxBytes, String fallback) {
    Object value = raw(name);
    return value == null || "".equals(value) ? fallback : identifier(name, maxBytes);
  }

  /** A whole number within bounds, or {@code fallback} when absent. */
  public long number(String name, long min, long max, long fallback) {
    Object value = raw(name);
    if (value == null) {
      return fallback;
    }
    if ((value instanceof Integer || value instanceof Long)
        && ((Number) value).longValue() >= min
        && ((Number) value).longValue() <= max) {
      return ((Number) value).longValue();
    }
    throw wrong(name, "a whole number from " + min + " to " + max, value);
  }

  /** A nested object, empty when absent. */
  public Fields object(String name) {
    return of(name, raw(name));
  }

  /** A list of identifiers, empty when absent. */
  public List<String> identifiers(String name, int maxBytes, int maxItems) {
    Object value = raw(name);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list)) {
      throw wrong(name, "a list of strings", value);
    }
    if (list.size() > maxItems) {
      throw new Refusal(
          ErrorCode.TOO_LARGE, name + ": at most " + maxItems + " items, got " + list.size());
    }
    List<String> items = new ArrayList<>(list.size());
    for (Object item : list) {
      if (!(item instanceof String text) || !isIdentifier(text, maxBytes)) {
        throw wrong(
            name, "strings of 1 to " + maxBytes + " bytes without control characters", item);
      }
      items.add(text);
    }
    return items;
  }

  /** The raw value of the first synonym that is there, or null. */
  public Object raw(String... names) {
    for (String name : names) {
      Object value = values.get(name);
      if (value != null) {
        return value;
      }
    }
    for (Map.Entry<String, Object> entry : values.entrySet()) {
      for (String name : names) {
        if (name.equalsIgnoreCase(entry.getKey()) && entry.getValue() != null) {
          return entry.getValue();
        }
      }
    }
    return null;
  }

  /** Whether {@code value} has 1 to {@code maxBytes} UTF-8 bytes and no control character. */
  public static boolean isIdentifier(String value, int maxBytes) {
    if (value == null || value.isEmpty() || value.length() > maxBytes) {
      return false;
    }
    int bytes = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (Character.isISOControl(c)) {
        return false;
      }
      bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes <= maxBytes && !hasLoneSurrogate(value);
  }

  /** The UTF-8 length of {@code value}, in bytes, if each surrogate has its other half. */
  public static int utf8Length(String value) {
    int bytes = value.length();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      bytes += c < 0x80 ? 0 : c < 0x800 || Character.isSurrogate(c) ? 1 : 2; // a pair's 4 by halves
    }
    return bytes;
  }

  private static boolean hasLoneSurrogate(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < value.length()
          && Character.isLowSurrogate(value.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return true;
      }
    }
    return false;
  }

  private static String abbreviate(Object value) {
    String text = value instanceof BigInteger ? "a huge number" : String.valueOf(value);
    String shown = text.length() > 40 ? text.substring(0, 40) + "…" : text;
    return value instanceof String ? '"' + shown + '"' : shown;
  }
}
