package im.parley.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Turns the text of settings into typed values, refusing what is not one with a {@link
 * ConfigException}.
 */
final class Reading {
  private final Settings settings;

  Reading(Settings settings) {
    this.settings = settings;
  }

  String text(String key) {
    return settings.get(key).value();
  }

  int number(String key) {
    try {
      return Integer.parseInt(text(key));
    } catch (NumberFormatException e) {
      throw new ConfigException(key, text(key), "a whole number up to " + Integer.MAX_VALUE);
    }
  }

  long longNumber(String key) {
    try {
      return Long.parseLong(text(key));
    } catch (NumberFormatException e) {
      throw new ConfigException(key, text(key), "a whole number");
    }
  }

  List<Integer> ports(String key) {
    try {
      return list(key).stream().map(Integer::valueOf).toList();
    } catch (NumberFormatException e) {
      throw new ConfigException(key, text(key), "port numbers separated by commas");
    }
  }

  List<AddressBlock> addressBlocks(String key) {
    try {
      return list(key).stream().map(AddressBlock::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          key, text(key), "addresses or blocks such as 10.0.0.0/8, separated by commas");
    }
  }

  boolean flag(String key) {
    return switch (text(key)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new ConfigException(key, text(key), "true or false");
    };
  }

  Duration duration(String key) {
    return Durations.parse(key, text(key));
  }

  List<String> list(String key) {
    return Stream.of(text(key).split(","))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  Path path(String key) {
    try {
      return Path.of(text(key));
    } catch (InvalidPathException e) {
      throw new ConfigException(key, text(key), "a path");
    }
  }

  <E extends Enum<E>> E choice(String key, Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .filter(option -> word(option).equals(text(key)))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigException(
                    key,
                    text(key),
                    Arrays.stream(type.getEnumConstants())
                        .map(Reading::word)
                        .collect(Collectors.joining(" or "))));
  }

  private static String word(Enum<?> option) {
    return option.name().toLowerCase(Locale.ROOT);
  }
}
