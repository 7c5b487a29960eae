package im.parley.loadtest.bench;

import im.parley.loadtest.report.Facts;
import im.parley.loadtest.report.Series;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A table for each curve, and a plot for each kind of cost. */
final class GrowthReport {
  private GrowthReport() {}

  static Report write(Report report, List<Curve> curves) throws IOException {
    JsonObject json = new JsonObject();
    for (Curve curve : curves) {
      List<String> head = new ArrayList<>(List.of(curve.size()));
      curve.figures().forEach(figure -> head.add(figure.labelWithUnit()));
      report.table(head, curve.points().stream().map(GrowthReport::row).toList());
      for (String plot : curve.plots()) {
        plot(report, curve, plot);
      }
      json.put(curve.name(), json(curve));
    }
    return report.write(json);
  }

  private static List<String> row(Curve.Point point) {
    List<String> row = new ArrayList<>(List.of("%,d".formatted(point.size())));
    point.values().forEach(value -> row.add(Facts.text(value)));
    return row;
  }

  private static void plot(Report report, Curve curve, String plot) {
    List<Double> sizes = curve.points().stream().map(point -> (double) point.size()).toList();
    List<Series> lines = new ArrayList<>();
    String unit = "";
    for (int i = 0; i < curve.figures().size(); i++) {
      int column = i;
      Curve.Cost figure = curve.figures().get(i);
      if (figure.plot().equals(plot)) {
        unit = figure.unit();
        List<Double> values =
            curve.points().stream().map(point -> point.values().get(column)).toList();
        lines.add(new Series(figure.label(), sizes, values));
      }
    }
    String only = lines.size() == 1 ? ": " + lines.get(0).name() : "";
    report.page().curve(curve.name() + "-" + plot, curve.title() + only, curve.size(), unit, lines);
  }

  private static JsonArray json(Curve curve) {
    JsonArray points = new JsonArray();
    for (Curve.Point point : curve.points()) {
      JsonObject json = new JsonObject().put(curve.size(), point.size());
      for (int i = 0; i < curve.figures().size(); i++) {
        Curve.Cost figure = curve.figures().get(i);
        double value = point.values().get(i);
        json.put(figure.labelWithUnit(), Double.isFinite(value) ? value : null);
      }
      points.add(json);
    }
    return points;
  }
}
