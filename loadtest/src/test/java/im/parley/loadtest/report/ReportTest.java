package im.parley.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.loadtest.measure.Counter;
import im.parley.loadtest.measure.Fanout;
import im.parley.loadtest.measure.Metric;
import im.parley.loadtest.measure.PhaseTotals;
import im.parley.loadtest.measure.Sample;
import im.parley.loadtest.run.RunResult;
import im.parley.loadtest.scenario.Kind;
import im.parley.loadtest.scenario.Options;
import io.vertx.core.json.JsonObject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  @Test
  void the_page_needs_nothing_else_and_shows_the_figures(@TempDir Path out) throws IOException {
    Reports.write(direct(List.of()), out, null);
    String page = Files.readString(out.resolve("direct.html"));
    assertThat(page).contains("answers per second", "500", "<svg", "run: ack");
    assertThat(page.replace("http://www.w3.org/2000/svg", ""))
        .doesNotContain("<script", "src=", "href=", "http://", "https://");
    assertThat(page).doesNotContain("invalid");
  }

  @Test
  void each_plot_is_also_a_well_formed_svg_file(@TempDir Path out) throws Exception {
    Reports.write(direct(List.of()), out, "a");
    byte[] svg = Files.readAllBytes(out.resolve("a-percentiles.svg"));
    String root =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg))
            .getDocumentElement()
            .getTagName();
    assertThat(root).isEqualTo("svg");
  }

  @Test
  void the_json_has_every_figure_and_the_verdict(@TempDir Path out) throws IOException {
    Reports.write(direct(List.of("run: too slow")), out, "a");
    JsonObject json = new JsonObject(Files.readString(out.resolve("a.json")));
    assertThat(json.getBoolean("valid")).isFalse();
    assertThat(json.getJsonObject("facts").getDouble("answers per second")).isEqualTo(500);
    assertThat(json.getJsonObject("facts").getDouble("deliveries missing")).isEqualTo(10);
    assertThat(
            json.getJsonArray("phases")
                .getJsonObject(1)
                .getJsonObject("latencies")
                .getJsonObject("ack")
                .getLong("count"))
        .isEqualTo(1000);
  }

  @Test
  void a_saturated_generator_is_said_in_so_many_words() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    ConsoleReport.print(
        direct(List.of("run: too slow")), new PrintStream(printed, true, StandardCharsets.UTF_8));
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("run: too slow")
        .contains("invalid: generator saturated");
  }

  @Test
  void each_plot_is_also_a_png_of_twice_the_size(@TempDir Path out) throws IOException {
    Reports.write(direct(List.of()), out, "a");
    BufferedImage image = ImageIO.read(out.resolve("a-percentiles.png").toFile());
    assertThat(image.getWidth()).isEqualTo(1440);
    assertThat(image.getRGB(1, 1) & 0xFFFFFF).isEqualTo(0xFFFFFF);
    assertThat(image.getRGB(0, 0, 1440, image.getHeight(), null, 0, 1440))
        .as("the colour of the first line")
        .contains(0xFF2563EB);
  }

  @Test
  void the_busiest_tenth_of_a_second_may_begin_at_any_hundredth() {
    Sample removals = new Sample();
    for (long ms = 50; ms < 200; ms++) { // 20 a millisecond, over two tenths of the clock
      long now = ms * 1_000_000;
      removals.addFanout(new Fanout(Fanout.slice(now), 20, now, now));
    }
    removals.addFanout(new Fanout(Fanout.slice(900_000_000), 7, 900_000_000, 900_000_000));
    PhaseTotals silence = new PhaseTotals("silence", true);
    silence.add(removals, 1);
    Map<String, Double> facts =
        Facts.of(
            result(Kind.EXPIRE, List.of(new PhaseTotals("connect", false), silence), List.of()));
    assertThat(facts.get(Facts.REMOVAL_PEAK)).isEqualTo(20_000);
    assertThat(facts.get("connections removed")).isEqualTo(3_007);
  }

  private static RunResult direct(List<String> invalid) {
    Sample connects = new Sample();
    connects.add(Counter.READY, 100);
    connects.histograms().record(Metric.CONNECT, 5_000);
    PhaseTotals connect = new PhaseTotals("connect", false);
    connect.add(connects, 1);
    connect.seconds(1);
    Sample traffic = new Sample();
    traffic.add(Counter.ANSWERED, 1000);
    traffic.add(Counter.EXPECTED, 1000);
    traffic.add(Counter.DELIVERED, 990);
    for (int i = 0; i < 1000; i++) {
      traffic.histograms().record(Metric.ACK, 1_000 + i);
    }
    PhaseTotals run = new PhaseTotals("run", true);
    run.add(traffic, 2);
    run.seconds(2);
    return result(Kind.DIRECT, List.of(connect, run), invalid);
  }

  private static RunResult result(Kind kind, List<PhaseTotals> phases, List<String> invalid) {
    return new RunResult(
        kind, Options.of("-c", "100"), Instant.EPOCH, List.of(), phases, List.of(), invalid, false);
  }
}
