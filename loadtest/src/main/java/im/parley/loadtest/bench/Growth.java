package im.parley.loadtest.bench;

import im.parley.loadtest.measure.Counter;
import im.parley.loadtest.measure.Metric;
import im.parley.loadtest.probe.ServerProbe;
import im.parley.loadtest.probe.Settled;
import im.parley.loadtest.report.Facts;
import im.parley.loadtest.run.Coordinator.Probing;
import im.parley.loadtest.run.RunResult;
import im.parley.loadtest.scenario.Kind;
import im.parley.loadtest.scenario.Options;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** How what one node costs grows with connections and with a room's members. One thread's. */
public final class Growth {
  private static final int[] CROWDS = {1_000, 2_000, 5_000, 10_000};
  private static final int[] DECADES = {10, 100, 1_000, 10_000};
  private static final int WARM_UP_CONNECTIONS = 1000;
  private static final int DELIVERIES_PER_SECOND = 20_000;
  private static final Duration BROADCASTING = Duration.ofSeconds(5);

  private final BenchPlan plan;
  private final double rate;
  private final PrintStream log;
  private final Runs runs;

  /**
   * @param rate of direct messages a second, at every number of connections
   */
  public Growth(BenchPlan plan, double rate, PrintStream log) {
    BenchPlan.expect(rate > 0, "--rate", rate, "more than 0");
    this.plan = plan;
    this.rate = rate;
    this.log = log;
    this.runs = new Runs(plan.out(), "growth");
  }

  /** Writes {@code growth.json}, {@code growth.html} and the plots. */
  public Report run(Launcher launcher) throws IOException, InterruptedException {
    Files.createDirectories(plan.out());
    Path jdk = Subject.ownJdk();
    List<String> flags = launcher.flags(jdk, List.of(), plan.serverJar());
    Subject subject = new Subject(Subject.PARLEY, Subject.Program.PARLEY, jdk, flags, List.of());
    Path gcLog = plan.out().toAbsolutePath().resolve("growth-gc.log");
    List<Curve> curves;
    try (ServerProcess server =
        ServerProcess.start(subject, plan, "growth", ServerProcess.measuredHeap(gcLog))) {
      runs.warmUp(server);
      curves = List.of(memory(server), direct(server), rooms(server));
    }
    String how =
        "One round, one node. Direct messages at %,.0f a second; broadcasts so often that %,d deliveries are due a second."
            .formatted(rate, DELIVERIES_PER_SECOND);
    Report report = new Report(plan, "growth", how, List.of(subject), runs.invalid());
    return GrowthReport.write(report, curves);
  }

  private Curve memory(ServerProcess server) throws IOException, InterruptedException {
    Curve curve =
        Curve.of(
            "connections",
            "Memory of idle connections",
            "connections",
            new Curve.Cost("memory", "resident", "B"),
            new Curve.Cost("memory", "live heap", "B"),
            new Curve.Cost("total", "resident in all", "MB"));
    // What compilers and pools keep once so many have connected is there before all sizes alike.
    Options everybody = options(server, plan.connections(), "-d", "1s");
    runs.runUntimed("connect-warm-up", Kind.CONNECT, Probing.NONE, everybody);
    Runs.forget();
    Probing probing = new Probing(new ServerProbe(server.pid(), null), true);
    IntStream crowds = IntStream.of(CROWDS).filter(size -> size < plan.connections());
    for (int size : IntStream.concat(crowds, IntStream.of(plan.connections())).toArray()) {
      RunResult result =
          runs.runUntimed(
              "memory-" + size, Kind.CONNECT, probing, options(server, size, "-d", "2s"));
      Settled before = result.settled().get(0);
      Settled after = result.settled().get(1);
      double heap = after.heapPerConnection(before);
      double resident = heap + after.rssPerConnection(before);
      point(curve, size, resident, heap, resident * size / 1e6);
      Runs.forget();
    }
    return curve;
  }

  private Curve direct(ServerProcess server) throws IOException {
    Curve curve =
        Curve.of(
            "direct",
            "A direct message",
            "connections",
            new Curve.Cost("cpu", "CPU of the server, 64 outstanding", "µs"),
            new Curve.Cost("cpu", "CPU of the server at %,.0f/s".formatted(rate), "µs"),
            new Curve.Cost("latency", "p50 ack", "ms"),
            new Curve.Cost("latency", "p99 ack", "ms"));
    Options warmUp = options(server, Math.min(WARM_UP_CONNECTIONS, plan.connections()));
    runs.runUntimed("direct-warm-up", Kind.DIRECT, Probing.NONE, warmUp);
    for (int size : decades()) {
      Options full = options(server, size, "-d", "4s", "--warmup", "1s");
      RunResult unpaced = runs.run("direct-full-" + size, Kind.DIRECT, watched(server), full);
      Options paced = options(server, size, "-d", "5s", "--warmup", "1s");
      paced.rate = rate;
      RunResult result = runs.run("direct-" + size, Kind.DIRECT, watched(server), paced);
      Histogram acks = result.measured().total().histograms().histogram(Metric.ACK);
      point(
          curve,
          size,
          cpuMicros(unpaced, Counter.ANSWERED),
          cpuMicros(result, Counter.ANSWERED),
          acks.getValueAtPercentile(50) / 1e3,
          acks.getValueAtPercentile(99) / 1e3);
    }
    return curve;
  }

  private Curve rooms(ServerProcess server) throws IOException {
    Curve curve =
        Curve.of(
            "rooms",
            "A message to a room",
            "members",
            new Curve.Cost("cpu", "CPU of the server for each delivery", "µs"),
            new Curve.Cost("latency", "median time to the last receiver", "ms"));
    int warmUp = Math.min(WARM_UP_CONNECTIONS, plan.connections());
    runs.runUntimed("room-warm-up", Kind.BROADCAST, Probing.NONE, broadcasts(server, warmUp));
    for (int size : decades()) {
      RunResult result =
          runs.run("room-" + size, Kind.BROADCAST, watched(server), broadcasts(server, size));
      double toLast = Facts.of(result).get(Facts.LAST_RECEIVER) * 1e3;
      point(curve, size, cpuMicros(result, Counter.DELIVERED), toLast);
    }
    return curve;
  }

  private int[] decades() {
    return IntStream.of(DECADES).filter(size -> size <= plan.connections()).toArray();
  }

  /** Into one room of so many, in all so many deliveries a second as in every other room. */
  private static Options broadcasts(ServerProcess server, int members) {
    Options options = options(server, members);
    double interval = (double) members / DELIVERIES_PER_SECOND;
    options.interval = Duration.ofNanos((long) (interval * 1e9));
    options.messages = (int) Math.max(1, BROADCASTING.toSeconds() / interval);
    return options;
  }

  /** Without heartbeats, so that all that the server does is what is measured. */
  private static Options options(ServerProcess server, int connections, String... words) {
    Options options = Runs.options(server, words);
    options.connections = connections;
    options.heartbeat = Duration.ZERO;
    return options;
  }

  private static Probing watched(ServerProcess server) {
    return new Probing(new ServerProbe(server.pid(), null), false);
  }

  private static double cpuMicros(RunResult result, Counter each) {
    return result.serverSeconds() * 1e6 / Math.max(1, result.measured().total().get(each));
  }

  private void point(Curve curve, int size, Double... values) {
    curve.add(size, values);
    for (int i = 0; i < values.length; i++) {
      Curve.Cost figure = curve.figures().get(i);
      log.printf(
          "%-30s %,7d %-12s %-38s %10s %s%n",
          curve.title(), size, curve.size(), figure.label(), Facts.text(values[i]), figure.unit());
    }
  }
}
