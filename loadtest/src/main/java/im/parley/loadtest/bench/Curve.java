package im.parley.loadtest.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What something costs at several sizes.
 *
 * @param name what its plots' files begin with
 * @param title for people
 * @param size what grows, in the plural
 * @param figures that are taken at each size
 * @param points ascending by size
 */
record Curve(String name, String title, String size, List<Cost> figures, List<Point> points) {
  /**
   * A figure.
   *
   * @param plot name of the plot that it shares with others of its unit
   */
  record Cost(String plot, String label, String unit) {
    String labelWithUnit() {
      return label + ", " + unit;
    }
  }

  /**
   * The figures at one size.
   *
   * @param values as many as there are figures
   */
  record Point(int size, List<Double> values) {}

  static Curve of(String name, String title, String size, Cost... figures) {
    return new Curve(name, title, size, List.of(figures), new ArrayList<>());
  }

  void add(int size, Double... values) {
    points.add(new Point(size, List.of(values)));
  }

  /** The names of its plots, in the order in which they first stand. */
  List<String> plots() {
    return figures.stream().map(Cost::plot).distinct().toList();
  }
}
