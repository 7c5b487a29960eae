package im.parley.loadtest.bench;

import im.parley.loadtest.measure.Histograms;
import im.parley.loadtest.measure.Metric;
import im.parley.loadtest.report.Facts;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** All subjects in all rounds, and their medians. */
record Trials(List<Measured> all) {
  List<Subject> subjects() {
    return all.stream().map(Measured::subject).distinct().toList();
  }

  List<String> invalid() {
    return all.stream().flatMap(one -> one.runs().invalid().stream()).toList();
  }

  /** NaN where it was not measured. */
  double median(String subject, Figure figure) {
    return Medians.of(sorted(subject, figure));
  }

  /** Of all rounds, ascending. */
  List<Double> sorted(String subject, Figure figure) {
    return all.stream()
        .filter(one -> one.subject().label().equals(subject) && one.figures().containsKey(figure))
        .map(one -> one.figures().get(figure))
        .sorted()
        .toList();
  }

  /** A median with its least and most, as in a table; empty where it was not measured. */
  String cell(String subject, Figure figure) {
    List<Double> rounds = sorted(subject, figure);
    return switch (rounds.size()) {
      case 0 -> "";
      case 1 -> Facts.text(rounds.get(0));
      default ->
          "%s (%s to %s)"
              .formatted(
                  Facts.text(Medians.of(rounds)),
                  Facts.text(rounds.get(0)),
                  Facts.text(rounds.get(rounds.size() - 1)));
    };
  }

  /** Of all rounds together, by subject. */
  Map<String, Histogram> latencies(String run, Metric metric) {
    Map<String, Histogram> bySubject = new LinkedHashMap<>();
    for (Measured one : all) {
      if (one.runs().results().containsKey(run)) {
        bySubject
            .computeIfAbsent(one.subject().label(), any -> Histograms.empty())
            .add(one.runs().results().get(run).measured().total().histograms().histogram(metric));
      }
    }
    return bySubject;
  }

  JsonObject json() {
    JsonObject medians = new JsonObject();
    for (Subject subject : subjects()) {
      JsonObject figures = new JsonObject();
      for (Figure figure : Figure.values()) {
        if (!sorted(subject.label(), figure).isEmpty()) {
          figures.put(figure.name(), median(subject.label(), figure));
        }
      }
      medians.put(subject.label(), figures);
    }
    JsonArray rounds = new JsonArray();
    for (Measured one : all) {
      JsonObject figures = new JsonObject();
      one.figures().forEach((figure, value) -> figures.put(figure.name(), value));
      rounds.add(
          new JsonObject()
              .put("subject", one.subject().label())
              .put("round", one.round())
              .put("figures", figures));
    }
    return new JsonObject().put("medians", medians).put("rounds", rounds);
  }
}
