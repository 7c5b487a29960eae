package im.parley.loadtest.bench;

import java.util.EnumMap;
import java.util.Map;

/**
 * A subject in one round.
 *
 * @param figures that came of it
 * @param runs that they came of
 */
record Measured(Subject subject, int round, Map<Figure, Double> figures, Runs runs) {
  static Measured begin(Subject subject, int round, BenchPlan plan) {
    Runs runs = new Runs(plan.out(), subject.fileName() + "-" + round);
    return new Measured(subject, round, new EnumMap<>(Figure.class), runs);
  }

  String name() {
    return subject.fileName() + "-" + round;
  }
}
