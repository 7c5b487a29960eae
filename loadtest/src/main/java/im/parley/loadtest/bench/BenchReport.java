package im.parley.loadtest.bench;

import im.parley.loadtest.bench.Bench.Measured;
import im.parley.loadtest.measure.Histograms;
import im.parley.loadtest.measure.Metric;
import im.parley.loadtest.report.Comparison;
import im.parley.loadtest.report.Facts;
import im.parley.loadtest.report.Machine;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** The bench's ratio table, for people, programs and browsers. */
public final class BenchReport {
  private static final List<String> HEAD = List.of("", "floor", "Parley", "ratio", "aim");

  private final BenchPlan plan;
  private final List<Measured> measured;
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  BenchReport(BenchPlan plan, List<Measured> measured) {
    this.plan = plan;
    this.measured = measured;
  }

  /** The runs in which the generator did not keep up; their figures do not count. */
  public List<String> invalid() {
    return measured.stream().flatMap(one -> one.invalid().stream()).toList();
  }

  public void print(PrintStream out) {
    out.println();
    out.println("%s, commit %s, %s".formatted(now, plan.commit(), Machine.describe()));
    out.println(
        "medians of %d rounds (least to most), %d connections"
            .formatted(plan.rounds(), plan.connections()));
    out.println();
    out.println("| " + String.join(" | ", HEAD) + " |");
    out.println("|---|---|---|---|---|");
    rows().forEach(row -> out.println("| " + String.join(" | ", row) + " |"));
    invalid().forEach(out::println);
    if (!invalid().isEmpty()) {
      out.println("invalid: generator saturated");
    }
  }

  private List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    for (Figure figure : Figure.values()) {
      double ratio = median(Subject.PARLEY, figure) / median(Subject.FLOOR, figure);
      rows.add(
          List.of(
              figure.label() + ", " + figure.unit(),
              cell(Subject.FLOOR, figure),
              cell(Subject.PARLEY, figure),
              Double.isFinite(ratio) ? String.format(Locale.ROOT, "%.2f", ratio) : "",
              figure.aim()));
    }
    return rows;
  }

  private String cell(Subject subject, Figure figure) {
    List<Double> all = sorted(subject, figure);
    return all.isEmpty()
        ? ""
        : "%s (%s to %s)"
            .formatted(
                Facts.text(median(subject, figure)),
                Facts.text(all.get(0)),
                Facts.text(all.get(all.size() - 1)));
  }

  double median(Subject subject, Figure figure) {
    return Medians.of(sorted(subject, figure));
  }

  private List<Double> sorted(Subject subject, Figure figure) {
    return measured.stream()
        .filter(one -> one.subject() == subject && one.figures().containsKey(figure))
        .map(one -> one.figures().get(figure))
        .sorted()
        .toList();
  }

  void write() throws IOException {
    Files.writeString(plan.out().resolve("bench.json"), json().encodePrettily() + "\n");
    Comparison comparison = new Comparison("Parley bench");
    comparison.facts(
        now + ", commit " + plan.commit() + ", " + Machine.describe(),
        plan.command(),
        "Medians of %d rounds (least to most), %d connections. The floor is a raw Netty server with the same envelope that stores and checks nothing."
            .formatted(plan.rounds(), plan.connections()));
    invalid().forEach(comparison::warning);
    comparison.table(HEAD, rows());
    comparison.percentiles("direct", "Direct, 64 outstanding: ack", acks("direct"));
    comparison.percentiles("direct-half", "Direct at half that rate: ack", acks("direct-half"));
    comparison.percentiles(
        "broadcast", "Broadcast: send to each receiver", latencies("broadcast", Metric.DELIVERY));
    comparison.write(plan.out(), "bench");
  }

  private Map<String, Histogram> acks(String run) {
    return latencies(run, Metric.ACK);
  }

  /** Of all rounds together, by subject. */
  private Map<String, Histogram> latencies(String run, Metric metric) {
    Map<String, Histogram> bySubject = new LinkedHashMap<>();
    for (Measured one : measured) {
      if (one.runs().containsKey(run)) {
        bySubject
            .computeIfAbsent(one.subject().label(), any -> Histograms.empty())
            .add(one.runs().get(run).measured().total().histograms().histogram(metric));
      }
    }
    return bySubject;
  }

  private JsonObject json() {
    JsonObject medians = new JsonObject();
    for (Subject subject : Subject.values()) {
      JsonObject figures = new JsonObject();
      for (Figure figure : Figure.values()) {
        if (!sorted(subject, figure).isEmpty()) {
          figures.put(figure.name(), median(subject, figure));
        }
      }
      medians.put(subject.label(), figures);
    }
    JsonArray rounds = new JsonArray();
    for (Measured one : measured) {
      JsonObject figures = new JsonObject();
      one.figures().forEach((figure, value) -> figures.put(figure.name(), value));
      rounds.add(
          new JsonObject()
              .put("subject", one.subject().label())
              .put("round", one.round())
              .put("figures", figures));
    }
    return new JsonObject()
        .put("at", now.toString())
        .put("commit", plan.commit())
        .put("machine", Machine.describe())
        .put("command", plan.command())
        .put("connections", plan.connections())
        .put("valid", invalid().isEmpty())
        .put("invalid", new JsonArray(invalid()))
        .put("medians", medians)
        .put("rounds", rounds);
  }
}
