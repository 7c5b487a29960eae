package im.parley.config;

import java.util.Arrays;
import java.util.Comparator;

/** Guesses which key a wrong one was meant to be. */
final class Nearest {
  private Nearest() {}

  /** The known key that {@code name} was probably meant to be. */
  static ConfigKey to(String name) {
    return ConfigKeys.all().stream()
        .min(Comparator.comparingInt(key -> unlikeness(name, key.name())))
        .orElseThrow();
  }

  private static int unlikeness(String given, String known) {
    // A forgotten prefix is one mistake, whatever its length.
    return known.endsWith("." + given) ? 1 : editDistance(given, known);
  }

  private static int editDistance(String from, String to) {
    int[] row = new int[to.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
