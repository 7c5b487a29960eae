package im.parley.loadtest.bench;

import im.parley.loadtest.bench.Subject.Program;
import im.parley.loadtest.measure.Counter;
import im.parley.loadtest.measure.Metric;
import im.parley.loadtest.probe.GcLog;
import im.parley.loadtest.probe.ServerProbe;
import im.parley.loadtest.probe.Settled;
import im.parley.loadtest.report.Facts;
import im.parley.loadtest.run.Coordinator.Probing;
import im.parley.loadtest.run.RunResult;
import im.parley.loadtest.scenario.Kind;
import im.parley.loadtest.scenario.Options;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Takes every {@link Figure} of one subject in one round. One thread's. */
final class Trial {
  private static final int PAIRS_CONNECTIONS = 1000;
  private static final int MANY_OUTSTANDING = 512;
  private static final int FEW_OUTSTANDING = 64;
  private static final int EXPIRY_WARM_UPS = 6;
  private static final int EXPIRY_RUNS = 5;
  private static final Duration MACHINE_TIME = Duration.ofSeconds(5);

  private final BenchPlan plan;
  private final Measured measured;
  private final Runs runs;
  private final PrintStream log;

  Trial(BenchPlan plan, Measured measured, PrintStream log) {
    this.plan = plan;
    this.measured = measured;
    this.runs = measured.runs();
    this.log = log;
  }

  void run() throws IOException, InterruptedException {
    machine();
    start();
    serve();
    if (measured.subject().program() == Program.PARLEY) { // the floor waits for nobody
      expire();
    }
  }

  private void machine() {
    MachineStalls stalls = MachineStalls.measure(MACHINE_TIME);
    put(Figure.MACHINE_SLOW, 100 * stalls.slow());
    put(Figure.MACHINE_STALL, stalls.longestMs());
  }

  private void start() throws IOException, InterruptedException {
    try (ServerProcess server =
        ServerProcess.start(
            measured.subject(), plan, measured.name() + "-start", ServerProcess.DEFAULT_HEAP)) {
      put(Figure.START, server.secondsToAnswer());
      ServerProbe probe = new ServerProbe(server.pid(), null);
      double before = probe.rssBytes();
      RunResult held =
          runs.runUntimed(
              "fresh", Kind.CONNECT, new Probing(probe, false), everybody(server, "-d", "2s"));
      double after = held.ticks().get(held.ticks().size() - 1).server().rssBytes();
      put(Figure.FRESH, (after - before) / plan.connections());
    }
  }

  private void serve() throws IOException, InterruptedException {
    Path gcLog = plan.out().toAbsolutePath().resolve(measured.name() + "-gc.log");
    List<String> heap = ServerProcess.measuredHeap(gcLog);
    try (ServerProcess server =
        ServerProcess.start(measured.subject(), plan, measured.name(), heap)) {
      runs.warmUp(server);
      connect(server);
      broadcast(server);
      direct(server);
    }
    put(Figure.GC_PAUSE, GcLog.pauses(gcLog).stream().mapToDouble(p -> p).max().orElse(0));
  }

  private void connect(ServerProcess server) throws IOException {
    Probing probing = new Probing(new ServerProbe(server.pid(), null), true);
    RunResult result = runs.run("connect", Kind.CONNECT, probing, everybody(server, "-d", "2s"));
    Settled before = result.settled().get(0);
    Settled after = result.settled().get(1);
    double heap = after.heapPerConnection(before);
    put(Figure.CONNECT, result.phases().get(0).perSecond(Counter.READY));
    put(Figure.HEAP, heap);
    put(Figure.RESIDENT, heap + after.rssPerConnection(before));
  }

  private void broadcast(ServerProcess server) throws IOException {
    // Joining a room and writing to it is what nothing before has compiled.
    Options options = everybody(server, "--warmup", "10s");
    RunResult result = runs.run("broadcast", Kind.BROADCAST, Probing.NONE, options);
    put(Figure.BROADCAST, Facts.of(result).get(Facts.BROADCAST_RATE));
  }

  /**
   * With half of the users waiting for an acknowledgement, which is about the most there is: more
   * in flight share an fsync. Then with few in flight, where latency decides.
   */
  private void direct(ServerProcess server) throws IOException {
    double most = direct(server, "direct", MANY_OUTSTANDING, "15s");
    put(Figure.DIRECT, most);
    put(Figure.DIRECT_FEW, direct(server, "direct-few", FEW_OUTSTANDING, "2s"));
    Options half = pairs(server, "-d", "8s");
    half.rate = most / 2;
    RunResult paced = runs.run("direct-half", Kind.DIRECT, Probing.NONE, half);
    put(
        Figure.HALF_RATE_P99,
        paced.measured().total().histograms().histogram(Metric.ACK).getValueAtPercentile(99) / 1e3);
  }

  /** Answers a second. */
  private double direct(ServerProcess server, String name, int outstanding, String warmUp)
      throws IOException {
    Options options = pairs(server, "--warmup", warmUp);
    options.outstanding = outstanding;
    return runs.run(name, Kind.DIRECT, Probing.NONE, options)
        .measured()
        .perSecond(Counter.ANSWERED);
  }

  /**
   * Everybody falls silent at once, so it is over in a blink, of which compilers would take a third
   * in the first runs: 66,000 a second in the first, 100,000 in the seventh. A collection in that
   * blink takes another third, so it is the median of several. The generator is late by more than
   * elsewhere; what it counts late makes the rate lower, not higher.
   */
  private void expire() throws IOException, InterruptedException {
    Subject subject = measured.subject().with(List.of("gateway.expiry=6s", "gateway.heartbeat=4s"));
    List<String> heap = ServerProcess.DEFAULT_HEAP;
    try (ServerProcess server =
        ServerProcess.start(subject, plan, measured.name() + "-expire", heap)) {
      Options options = everybody(server, "--heartbeat", "4s", "--max-lag", "1s");
      for (int i = 0; i < EXPIRY_WARM_UPS; i++) {
        runs.runUntimed("expire-warm-up", Kind.EXPIRE, Probing.NONE, options);
      }
      List<Double> peaks = new ArrayList<>();
      for (int i = 1; i <= EXPIRY_RUNS; i++) {
        RunResult result = runs.run("expire-" + i, Kind.EXPIRE, Probing.NONE, options);
        peaks.add(Facts.of(result).get(Facts.REMOVAL_PEAK));
      }
      put(Figure.EXPIRY, Medians.of(peaks.stream().sorted().toList()));
    }
  }

  /** Options for all of the plan's connections. */
  private Options everybody(ServerProcess server, String... words) {
    Options options = Runs.options(server, words);
    options.connections = plan.connections();
    return options;
  }

  /** Options for as many as write in pairs. */
  private static Options pairs(ServerProcess server, String... words) {
    Options options = Runs.options(server, words);
    options.connections = PAIRS_CONNECTIONS;
    return options;
  }

  private void put(Figure figure, double value) {
    measured.figures().put(figure, value);
    log.printf(
        "%-10s %-48s %12s %s%n", measured.name(), figure.label(), Facts.text(value), figure.unit());
  }
}
