package im.parley.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Compares a JSON value with what a vector expects. JSON values are plain: {@link Map}, {@link
 * List}, {@link String}, {@link Number}, {@link Boolean} and null. Everything must be equal except
 * where the pattern has a placeholder.
 */
public final class JsonPattern {
  private JsonPattern() {}

  /**
   * The first difference with its path, or empty when {@code actual} is as expected.
   *
   * @param bindings gets what {@code $bind} catches, also from the part before a difference
   */
  public static Optional<String> difference(Object expected, Object actual, Bindings bindings) {
    return difference("$", expected, actual, bindings);
  }

  private static Optional<String> difference(
      String path, Object expected, Object actual, Bindings bindings) {
    if (expected instanceof Map<?, ?> map) {
      return map.keySet().stream().anyMatch(JsonPattern::isPlaceholder)
          ? placeholder(path, map, actual, bindings)
          : object(path, map, actual, bindings, map.containsKey("$ignoreExtra"));
    }
    if (expected instanceof List<?> list) {
      return array(path, list, actual, bindings);
    }
    Object wanted = expected instanceof String text ? bindings.fill(text) : expected;
    return equal(wanted, actual) ? Optional.empty() : differs(path, wanted, actual);
  }

  private static boolean isPlaceholder(Object key) {
    return key.toString().startsWith("$")
        && !key.equals("$ignoreExtra")
        && !key.toString().startsWith("${");
  }

  private static Optional<String> placeholder(
      String path, Map<?, ?> pattern, Object actual, Bindings bindings) {
    for (Map.Entry<?, ?> entry : pattern.entrySet()) {
      Object operand = entry.getValue();
      Optional<String> difference =
          switch (entry.getKey().toString()) {
            case "$any" ->
                isA(operand.toString(), actual)
                    ? Optional.empty()
                    : differs(path, "any " + operand, actual);
            case "$ref" ->
                equal(bindings.get(operand.toString()), actual)
                    ? Optional.empty()
                    : differs(path, bindings.get(operand.toString()), actual);
            case "$includes" -> includes(path, (List<?>) operand, actual, bindings, false);
            case "$unordered" -> includes(path, (List<?>) operand, actual, bindings, true);
            case "$bind" -> Optional.empty();
            default ->
                throw new IllegalArgumentException(
                    "unknown placeholder " + entry.getKey() + " at " + path);
          };
      if (difference.isPresent()) {
        return difference;
      }
    }
    if (pattern.containsKey("$bind")) {
      bindings.bind(pattern.get("$bind").toString(), actual);
    }
    return Optional.empty();
  }

  private static Optional<String> object(
      String path, Map<?, ?> expected, Object actual, Bindings bindings, boolean ignoreExtra) {
    if (!(actual instanceof Map<?, ?> map)) {
      return differs(path, "an object", actual);
    }
    List<String> wanted = new ArrayList<>();
    for (Map.Entry<?, ?> entry : expected.entrySet()) {
      if (entry.getKey().equals("$ignoreExtra")) {
        continue;
      }
      String key = bindings.fill(entry.getKey().toString());
      wanted.add(key);
      if (!map.containsKey(key)) {
        return Optional.of(path + ": no key '" + key + "' in " + map);
      }
      Optional<String> difference =
          difference(path + "." + key, entry.getValue(), map.get(key), bindings);
      if (difference.isPresent()) {
        return difference;
      }
    }
    return ignoreExtra
        ? Optional.empty()
        : map.keySet().stream()
            .filter(key -> !wanted.contains(key))
            .findFirst()
            .map(key -> path + ": unexpected key '" + key + "'");
  }

  private static Optional<String> array(
      String path, List<?> expected, Object actual, Bindings bindings) {
    if (!(actual instanceof List<?> list) || list.size() != expected.size()) {
      return differs(path, "an array of " + expected.size(), actual);
    }
    for (int i = 0; i < list.size(); i++) {
      Optional<String> difference =
          difference(path + "[" + i + "]", expected.get(i), list.get(i), bindings);
      if (difference.isPresent()) {
        return difference;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> includes(
      String path, List<?> expected, Object actual, Bindings bindings, boolean nothingElse) {
    if (!(actual instanceof List<?> list) || nothingElse && list.size() != expected.size()) {
      return differs(path, "an array of " + expected.size() + " in any order", actual);
    }
    List<Object> left = new ArrayList<>(list);
    for (Object element : expected) {
      boolean found = false;
      for (int i = 0; i < left.size() && !found; i++) {
        Bindings attempt = bindings.copy();
        if (difference(path, element, left.get(i), attempt).isEmpty()) {
          bindings.adopt(attempt);
          left.remove(i);
          found = true;
        }
      }
      if (!found) {
        return differs(path, "an array with " + element, actual);
      }
    }
    return Optional.empty();
  }

  private static boolean isA(String type, Object value) {
    return switch (type) {
      case "*" -> true;
      case "string" -> value instanceof String;
      case "integer" -> value instanceof Integer || value instanceof Long;
      case "boolean" -> value instanceof Boolean;
      case "object" -> value instanceof Map;
      case "array" -> value instanceof List;
      default -> throw new IllegalArgumentException("unknown type '" + type + "' of $any");
    };
  }

  private static boolean equal(Object a, Object b) {
    if (a instanceof Number x && b instanceof Number y) {
      return isA("integer", x) && isA("integer", y)
          ? x.longValue() == y.longValue()
          : x.doubleValue() == y.doubleValue();
    }
    return Objects.equals(a, b);
  }

  private static Optional<String> differs(String path, Object expected, Object actual) {
    return Optional.of(path + ": expected " + expected + " but was " + actual);
  }
}
