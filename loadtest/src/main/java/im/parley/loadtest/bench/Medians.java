package im.parley.loadtest.bench;

import java.util.List;

/** The middle value; of an even number, the mean of the two in the middle. */
final class Medians {
  private Medians() {}

  /** NaN of none. */
  static double of(List<Double> sorted) {
    int n = sorted.size();
    return n == 0 ? Double.NaN : (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
  }
}
