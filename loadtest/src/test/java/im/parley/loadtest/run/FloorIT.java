package im.parley.loadtest.run;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.loadtest.floor.FloorServer;
import im.parley.loadtest.measure.Counter;
import im.parley.loadtest.measure.Fanout;
import im.parley.loadtest.measure.Metric;
import im.parley.loadtest.measure.PhaseTotals;
import im.parley.loadtest.measure.Sample;
import im.parley.loadtest.run.Coordinator.Probing;
import im.parley.loadtest.scenario.Kind;
import im.parley.loadtest.scenario.Options;
import im.parley.loadtest.scenario.Phase;
import im.parley.loadtest.scenario.ScaleScenario;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every scenario against the floor server: what it counts must be what happened. */
class FloorIT {
  private static FloorServer floor;

  @BeforeAll
  static void startFloor() {
    floor = FloorServer.start(0, 2);
  }

  @AfterAll
  static void stopFloor() {
    floor.close();
  }

  @Test
  void connections_log_in_and_send_heartbeats() {
    RunResult result = run(Kind.CONNECT, options("-c", "50", "-d", "1s", "--heartbeat", "200ms"));
    assertThat(result.total().get(Counter.READY)).isEqualTo(50);
    assertThat(result.phase("connect").total().histograms().count(Metric.CONNECT)).isEqualTo(50);
    assertThat(result.total().histograms().count(Metric.HEARTBEAT)).isPositive();
    assertThat(result.isClean()).isTrue();
  }

  @Test
  void a_closed_loop_of_direct_messages_has_each_answered_and_delivered() {
    Options options = options("-c", "11", "-d", "1s", "--warmup", "0s", "--quiet", "1s");
    options.outstanding = 8;
    RunResult result = run(Kind.DIRECT, options);
    Sample total = result.total();
    assertThat(total.get(Counter.SENT)).isPositive().isEqualTo(total.get(Counter.ANSWERED));
    assertThat(total.get(Counter.DELIVERED)).isEqualTo(total.get(Counter.ANSWERED));
    assertThat(result.isClean()).isTrue();
  }

  @Test
  void an_open_loop_sends_what_is_due_whatever_the_server_does() {
    Options options = options("-c", "10", "-d", "2s", "--warmup", "0s", "--quiet", "1s");
    options.rate = 100;
    RunResult result = run(Kind.DIRECT, options);
    assertThat(result.total().get(Counter.SENT)).isGreaterThanOrEqualTo(199);
    assertThat(result.missing()).isZero();
  }

  @Test
  void each_receiver_of_a_broadcast_is_counted() {
    Options options = options("-c", "20", "--quiet", "1s");
    options.messages = 3;
    options.interval = Duration.ofMillis(100);
    RunResult result = run(Kind.BROADCAST, options);
    assertThat(result.total().get(Counter.DELIVERED)).isEqualTo(3 * 19);
    assertThat(result.total().fanouts().values())
        .extracting(Fanout::reached)
        .containsExactly(19L, 19L, 19L);
    assertThat(result.isClean()).isTrue();
  }

  @Test
  void a_broadcast_to_prims_lobby_goes_by_http() {
    Options options = options("-c", "10", "--login", "prim", "--quiet", "1s");
    options.messages = 2;
    options.interval = Duration.ofMillis(100);
    options.httpUrl = "http://127.0.0.1:" + floor.port();
    RunResult result = run(Kind.BROADCAST, options);
    // The floor has one lobby for all: others' connections are gone or going.
    assertThat(result.total().get(Counter.DELIVERED)).isEqualTo(2 * 10);
    assertThat(result.missing()).isZero();
  }

  @Test
  void each_connection_pings_as_often_as_asked() {
    Options options = options("-c", "10", "--login", "none", "--warmup", "0s");
    options.messages = 3;
    options.interval = Duration.ofMillis(100);
    RunResult result = run(Kind.PING, options);
    assertThat(result.total().get(Counter.ANSWERED)).isEqualTo(30);
  }

  @Test
  void after_a_storm_all_are_back() {
    Options options = options("-c", "30");
    options.messages = 0;
    RunResult result = run(Kind.STORM, options);
    assertThat(result.total().get(Counter.SYNCED)).isEqualTo(30);
    assertThat(result.total().get(Counter.READY)).isEqualTo(60);
    assertThat(result.total().histograms().count(Metric.RECOVERY)).isEqualTo(30);
  }

  @Test
  void churn_replaces_at_the_rate_asked() {
    Options options = options("-c", "30", "-d", "1s", "--quiet", "1s");
    options.rate = 50;
    RunResult result = run(Kind.CHURN, options);
    assertThat(result.total().get(Counter.READY)).isGreaterThanOrEqualTo(30 + 25);
    assertThat(result.total().get(Counter.LOST)).isZero();
  }

  @Test
  void one_set_of_connections_goes_through_everything() {
    Options options = options("-c", "20", "-d", "1s", "--quiet", "1s");
    options.hold = Duration.ofMillis(100);
    options.messages = 2;
    options.interval = Duration.ofMillis(200);
    options.httpUrl = "http://127.0.0.1:" + floor.port();
    options.outstanding = 4;
    RunResult result = run(Kind.SCALE, options);
    Sample broadcast = result.phase(ScaleScenario.BROADCAST).total();
    assertThat(broadcast.get(Counter.DELIVERED)).isEqualTo(2 * 20);
    Sample direct = result.phase(ScaleScenario.DIRECT).total();
    assertThat(direct.get(Counter.ANSWERED)).isPositive();
    assertThat(result.isClean()).isTrue();
  }

  @Test
  void a_server_that_is_not_there_fails_every_connect() {
    Options options = Options.of("-u", "ws://127.0.0.1:1/acc", "-c", "5", "-d", "100ms");
    RunResult result = run(Kind.CONNECT, options);
    assertThat(result.total().get(Counter.FAILED)).isEqualTo(5);
    assertThat(result.isClean()).isFalse();
  }

  @Test
  void a_server_that_never_answers_fails_every_connect_at_its_timeout() throws IOException {
    try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String target = "ws://127.0.0.1:" + mute.getLocalPort() + "/acc";
      Options options =
          Options.of("-u", target, "-c", "7", "--window", "3", "--timeout", "300ms", "-d", "100ms");
      RunResult result = run(Kind.CONNECT, options);
      assertThat(result.total().get(Counter.ATTEMPTED)).isEqualTo(7);
      assertThat(result.total().get(Counter.FAILED)).isEqualTo(7);
    }
  }

  @Test
  void worker_processes_share_the_connections_and_their_figures_add_up() {
    String[] words = {"-u", url(), "-c", "21", "-d", "1s", "--workers", "2", "--loops", "1"};
    List<String> arguments = new ArrayList<>(List.of("connect"));
    arguments.addAll(List.of(words));
    RunResult result =
        new Coordinator(Kind.CONNECT, Options.of(words), arguments, Probing.NONE, Watcher.SILENT)
            .run();
    assertThat(result.total().get(Counter.READY)).isEqualTo(21);
    assertThat(result.ticks().get(result.ticks().size() - 1).sample().loopCpu()).hasSize(2);
  }

  @Test
  void an_interrupted_run_reports_what_it_has() {
    AtomicReference<Coordinator> running = new AtomicReference<>();
    Watcher interrupter =
        new Watcher() {
          @Override
          public void onTick(Phase phase, double since, Tick tick, PhaseTotals soFar) {
            if (phase.name().equals("hold")) {
              running.get().interrupt();
            }
          }

          @Override
          public void onPhaseEnd(PhaseTotals phase) {}
        };
    Options options = options("-c", "10", "-d", "10m");
    running.set(new Coordinator(Kind.CONNECT, options, List.of(), Probing.NONE, interrupter));
    RunResult result = running.get().run();
    assertThat(result.interrupted()).isTrue();
    assertThat(result.total().get(Counter.READY)).isEqualTo(10);
  }

  private static RunResult run(Kind kind, Options options) {
    return new Coordinator(kind, options, List.of(), Probing.NONE, Watcher.SILENT).run();
  }

  private static Options options(String... words) {
    List<String> all = new ArrayList<>(List.of("-u", url(), "--loops", "2"));
    all.addAll(List.of(words));
    return Options.of(all.toArray(String[]::new));
  }

  private static String url() {
    return "ws://127.0.0.1:" + floor.port() + "/acc";
  }
}
