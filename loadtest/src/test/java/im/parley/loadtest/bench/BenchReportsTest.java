package im.parley.loadtest.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchReportsTest {
  @TempDir private Path out;
  private BenchPlan plan;

  @BeforeEach
  void plan() {
    plan = new BenchPlan(Path.of("p.jar"), 100, 3, out, "abc", "./parley bench");
  }

  @Test
  void a_ratio_is_of_medians_and_every_server_has_its_flags() throws Exception {
    Report report = BenchReport.write(plan, trials(Subject.FLOOR, Subject.PARLEY));
    assertThat(printed(report))
        .contains("| connect + login, /s | 2 (1 to 3) | 4 (2 to 6) | 2.00 | ≥ 80 % of the floor |")
        .contains("floor: /jdk, -Dof=floor", "parley: /jdk, -Dof=parley");
    JsonObject json = new JsonObject(Files.readString(out.resolve("bench.json")));
    assertThat(json.getJsonObject("medians").getJsonObject("parley").getDouble("CONNECT"))
        .isEqualTo(4);
    assertThat(json.getJsonArray("servers")).contains("floor: /jdk, -Dof=floor");
  }

  @Test
  void variants_are_rows_of_one_table_and_bars() throws Exception {
    Report report =
        VariantsReport.write(plan, trials("standard", "zgc"), List.of("nio: was not there"));
    assertThat(printed(report))
        .contains("|  | resident each, B |")
        .contains("| standard |  |  |  | 2 (1 to 3) |")
        .contains("left out: nio: was not there");
    assertThat(report.isComplete()).isFalse();
    assertThat(out.resolve("variants-bars.png")).isNotEmptyFile();
    assertThat(Files.readString(out.resolve("variants.html"))).contains("zgc", "-Dof=zgc");
  }

  @Test
  void a_curve_is_a_table_and_a_plot_for_each_kind_of_cost() throws Exception {
    Curve curve =
        Curve.of(
            "direct",
            "A direct message",
            "connections",
            new Curve.Cost("cpu", "CPU", "µs"),
            new Curve.Cost("latency", "p50", "ms"),
            new Curve.Cost("latency", "p99", "ms"));
    curve.add(10, 30.0, 1.0, 2.0);
    curve.add(10_000, 45.0, 2.0, Double.NaN);
    Report report = new Report(plan, "growth", "one round", List.of(), List.of("a was late"));
    assertThat(printed(GrowthReport.write(report, List.of(curve))))
        .contains("| connections | CPU, µs | p50, ms | p99, ms |")
        .contains("| 10,000 | 45 | 2 | unknown |")
        .contains("a was late", "invalid: generator saturated");
    assertThat(out.resolve("growth-direct-cpu.svg")).isNotEmptyFile();
    assertThat(out.resolve("growth-direct-latency.png")).isNotEmptyFile();
    JsonObject json = new JsonObject(Files.readString(out.resolve("growth.json")));
    assertThat(json.getBoolean("valid")).isFalse();
    assertThat(json.getJsonArray("direct").getJsonObject(1).getDouble("CPU, µs")).isEqualTo(45);
  }

  /** Of the connect figure only: 1, 2, 3 of the first, twice that of the second. */
  private Trials trials(String... labels) {
    List<Measured> all = new ArrayList<>();
    for (int round = 1; round <= 3; round++) {
      for (int i = 0; i < labels.length; i++) {
        List<String> flags = List.of("-Dof=" + labels[i]);
        Subject subject =
            new Subject(labels[i], Subject.Program.PARLEY, Path.of("/jdk"), flags, List.of());
        Measured one = Measured.begin(subject, round, plan);
        one.figures().put(Figure.CONNECT, (double) round * (i + 1));
        all.add(one);
      }
    }
    return new Trials(all);
  }

  private static String printed(Report report) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    report.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
