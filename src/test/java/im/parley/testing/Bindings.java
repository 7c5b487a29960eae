package im.parley.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The values that one playing of a vector knows by name: {@code run}, which makes its user ids and
 * rooms its own, and what {@code $bind} has caught.
 */
public final class Bindings {
  private static final Pattern PLACE = Pattern.compile("\\$\\{([A-Za-z0-9]+)}");

  private final Map<String, Object> values;

  /** Bindings that know only {@code run}. */
  public Bindings(String run) {
    values = new HashMap<>();
    values.put("run", run);
  }

  private Bindings(Map<String, Object> values) {
    this.values = new HashMap<>(values);
  }

  /** A copy for an attempt that may be dropped. */
  Bindings copy() {
    return new Bindings(values);
  }

  /** Takes over all that {@code attempt} knows. */
  void adopt(Bindings attempt) {
    values.putAll(attempt.values);
  }

  void bind(String name, Object value) {
    values.put(name, value);
  }

  Object get(String name) {
    if (!values.containsKey(name)) {
      throw new IllegalArgumentException(
          "nothing is bound to '" + name + "', known are " + values.keySet());
    }
    return values.get(name);
  }

  /** {@code text} with every <code>${name}</code> replaced. */
  String fill(String text) {
    return PLACE
        .matcher(text)
        .replaceAll(m -> Matcher.quoteReplacement(String.valueOf(get(m.group(1)))));
  }

  /**
   * What a template of a request becomes: strings filled, {@code $ref} and {@code $repeat}
   * replaced.
   */
  Object fill(Object template) {
    if (template instanceof String text) {
      return fill(text);
    }
    if (template instanceof List<?> list) {
      List<Object> filled = new ArrayList<>();
      list.forEach(element -> filled.add(fill(element)));
      return filled;
    }
    if (!(template instanceof Map<?, ?> map)) {
      return template;
    }
    if (map.containsKey("$ref")) {
      return get((String) map.get("$ref"));
    }
    if (map.containsKey("$repeat")) {
      return fill((String) map.get("$repeat")).repeat(((Number) fill(map.get("times"))).intValue());
    }
    Map<String, Object> filled = new LinkedHashMap<>();
    map.forEach((key, value) -> filled.put(fill((String) key), fill(value)));
    return filled;
  }
}
