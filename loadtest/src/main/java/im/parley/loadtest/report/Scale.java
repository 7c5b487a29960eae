package im.parley.loadtest.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** How an axis spreads its values. */
enum Scale {
  /** Evenly. */
  LINEAR {
    @Override
    double position(double value) {
      return value;
    }

    @Override
    List<Double> ticks(double least, double most) {
      double step = step(most);
      List<Double> ticks = new ArrayList<>();
      for (int i = 0; i == 0 || step * (i - 1) < most * 0.999; i++) {
        ticks.add(step * i);
      }
      return ticks;
    }
  },

  /** Each power of ten takes the same room. */
  LOG {
    @Override
    double position(double value) {
      return Math.log10(Math.max(value, 1e-9));
    }

    @Override
    List<Double> ticks(double least, double most) {
      List<Double> stops = new ArrayList<>();
      for (int power = (int) Math.floor(position(least)); ; power++) {
        for (int digit : new int[] {1, 2, 5}) {
          double stop = digit * Math.pow(10, power);
          if (stop <= least * 1.001) {
            stops.clear();
          }
          stops.add(stop);
          if (stop >= most * 0.999 && stops.size() > 1) {
            return stops.size() <= FEW ? stops : powers(stops);
          }
        }
      }
    }
  },

  /** Percentiles: each further nine takes the same room. */
  NINES {
    @Override
    double position(double value) {
      return -Math.log10(1 - Math.min(value, 99.99) / 100);
    }

    @Override
    List<Double> ticks(double least, double most) {
      return List.of(0.0, 50.0, 90.0, 99.0, 99.9, 99.99);
    }
  };

  private static final int STEPS = 5;
  private static final int FEW = 7;

  abstract double position(double value);

  /** Round values, the first at most {@code least} and the last at least {@code most}. */
  abstract List<Double> ticks(double least, double most);

  /** Those that are powers of ten, and the ends. */
  private static List<Double> powers(List<Double> stops) {
    return IntStream.range(0, stops.size())
        .filter(i -> i == 0 || i == stops.size() - 1 || isPower(stops.get(i)))
        .mapToObj(stops::get)
        .toList();
  }

  private static boolean isPower(double stop) {
    double exponent = Math.log10(stop);
    return Math.abs(exponent - Math.rint(exponent)) < 1e-9;
  }

  /** The least of 1, 2, 2.5, 5 times a power of ten with which few steps reach {@code most}. */
  static double step(double most) {
    if (most <= 0) {
      return 1;
    }
    double wanted = most / STEPS;
    double power = Math.pow(10, Math.floor(Math.log10(wanted)));
    return DoubleStream.of(1, 2, 2.5, 5, 10)
        .map(step -> step * power)
        .filter(step -> step >= wanted * 0.999)
        .findFirst()
        .orElse(10 * power);
  }
}
