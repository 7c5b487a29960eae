package im.parley.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.util.concurrent.DefaultEventExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Holds the table of meters in the operators' document to what is exported. */
class OperationsDocTest {
  private static final Pattern EXPORTED =
      Pattern.compile("^# TYPE (parley_\\w+) ", Pattern.MULTILINE);
  private static final Pattern DESCRIBED =
      Pattern.compile("^# HELP parley_\\w+ \\S", Pattern.MULTILINE);
  private static final Pattern DOCUMENTED =
      Pattern.compile("^\\| `(parley_\\w+)` \\|", Pattern.MULTILINE);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final DefaultEventExecutor loop = new DefaultEventExecutor();

  @AfterEach
  void stop() {
    loop.shutdownGracefully();
  }

  @Test
  void the_table_names_every_meter_and_no_other() throws IOException {
    String document = Files.readString(Path.of("docs/operations.md"));

    assertThat(names(DOCUMENTED, document)).isEqualTo(names(EXPORTED, scrape()));
  }

  @Test
  void every_meter_is_described() {
    String text = scrape();

    assertThat(DESCRIBED.matcher(text).results().count()).isEqualTo(names(EXPORTED, text).size());
  }

  @Test
  void gauges_and_totals_show_what_they_are_given() {
    assertThat(scrape())
        .contains("parley_connections 3.0\n", "parley_draining 1.0\n")
        .contains("parley_sessions{kind=\"native\"} 2.0\n", "parley_sessions{kind=\"prim\"} 1.0\n")
        .contains(
            "parley_loop_inbox{loop=\"0\"} 4.0\n",
            "parley_loop_inbox_refused_total{loop=\"0\"} 5.0\n")
        .contains(
            "parley_store_queue{kind=\"write\"} 6.0\n", "parley_store_queue{kind=\"read\"} 7.0\n")
        .contains("parley_store_commits_total 8.0\n", "parley_store_writes_total 9.0\n")
        .contains(
            "parley_store_commit_time_seconds_total 1.5\n", "parley_store_trimmed_total 12.0\n")
        .contains("parley_cluster_nodes 21.0\n")
        .contains("parley_cluster_left_total 22.0\n", "parley_cluster_merges_total 23.0\n")
        .contains("parley_store_refused_total{cause=\"busy\"} 10.0\n")
        .contains("parley_store_refused_total{cause=\"unavailable\"} 11.0\n")
        .contains("parley_peer_waiting_bytes 21.0\n", "parley_peer_questions 22.0\n")
        .contains("parley_feed_late_total 24.0\n", "parley_feed_filled_total 25.0\n")
        .contains("parley_feed_skipped_total 26.0\n", "parley_route_stale_total 27.0\n")
        .contains("parley_route_broadcast_total 28.0\n", "parley_route_lost_total 29.0\n")
        .contains("parley_directory_entries 13.0\n", "parley_directory_pending 14.0\n")
        .contains("parley_directory_cached 15.0\n", "parley_directory_asked_total 16.0\n")
        .contains("parley_directory_refused_total 17.0\n")
        .contains("parley_directory_repaired_total{kind=\"missing\"} 18.0\n")
        .contains("parley_directory_repaired_total{kind=\"surplus\"} 19.0\n")
        .contains("parley_directory_repaired_total{kind=\"dead\"} 20.0\n");
  }

  private String scrape() {
    new Metrics(registry);
    Readings store = new Readings(6, 7, 8, 9, 1_500_000_000L, 10, 11, 12);
    new NodeGauges(registry)
        .connections(() -> 3)
        .draining(() -> true)
        .sessions(() -> 2, () -> 1)
        .inboxes(List.of(() -> 4), List.of(() -> 5))
        .store(() -> store)
        .cluster(() -> 21, () -> 22, () -> 23)
        .routes(new RouteFigures(24, 25, 26, 27, 28, 29))
        .directory(new DirectoryFigures(13, 14, 15, 16, 17, 18, 19, 20));
    new PeerMeters(registry).watch(() -> 21, () -> 22);
    try (LoopLag lag = new LoopLag(registry, List.of(loop))) {
      return registry.scrape();
    }
  }

  private static SortedSet<String> names(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private record Readings(
      int writeQueue,
      int readQueue,
      long groups,
      long grouped,
      long commitNanos,
      long busy,
      long unavailable,
      long trimmed)
      implements StoreReadings {}

  private record RouteFigures(
      long late, long filled, long skipped, long stale, long broadcast, long lost)
      implements RouteReadings {}

  private record DirectoryFigures(
      long entries,
      int pending,
      int cached,
      long asked,
      long refused,
      long missing,
      long surplus,
      long dead)
      implements DirectoryReadings {}
}
