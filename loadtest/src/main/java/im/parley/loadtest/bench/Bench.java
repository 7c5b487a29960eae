package im.parley.loadtest.bench;

import im.parley.loadtest.measure.Counter;
import im.parley.loadtest.measure.Metric;
import im.parley.loadtest.probe.GcLog;
import im.parley.loadtest.probe.ServerProbe;
import im.parley.loadtest.probe.Settled;
import im.parley.loadtest.report.Facts;
import im.parley.loadtest.report.Reports;
import im.parley.loadtest.run.Coordinator;
import im.parley.loadtest.run.Coordinator.Probing;
import im.parley.loadtest.run.RunResult;
import im.parley.loadtest.run.Watcher;
import im.parley.loadtest.scenario.Kind;
import im.parley.loadtest.scenario.Options;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The standard set: floor and Parley in turn, several rounds, each server in a JVM of its own with
 * the same flags. One thread's.
 */
public final class Bench {
  private static final String FRESH = "fresh";
  private static final String WARM_UP = "warm-up";
  private static final int PAIRS_CONNECTIONS = 1000;

  /**
   * The whole heap is resident from the start, so what resident memory grows by is beside the heap;
   * with the growth of the live heap it is what the connections take.
   */
  private static final List<String> MEASURED_HEAP =
      List.of("-Xms768m", "-Xmx768m", "-XX:+AlwaysPreTouch");

  /**
   * A server keeps something of those who left for a while (Parley ten seconds, for their
   * watchers), which would count as there before the connections that are measured.
   */
  private static final Duration FORGETTING = Duration.ofSeconds(12);

  private static final List<String> DEFAULT_HEAP = List.of("-XX:MaxRAMPercentage=50");

  private final BenchPlan plan;
  private final PrintStream log;
  private final List<Measured> measured = new ArrayList<>();

  public Bench(BenchPlan plan, PrintStream log) {
    this.plan = plan;
    this.log = log;
  }

  /** Runs all of it and writes {@code bench.json}, {@code bench.html} and the plots. */
  public BenchReport run() throws IOException, InterruptedException {
    Files.createDirectories(plan.out());
    for (int round = 1; round <= plan.rounds(); round++) {
      for (Subject subject : Subject.values()) {
        Measured one = new Measured(subject, round);
        measured.add(one);
        start(one);
        serve(one);
      }
    }
    BenchReport report = new BenchReport(plan, measured);
    report.write();
    return report;
  }

  private void start(Measured one) throws IOException, InterruptedException {
    try (ServerProcess server =
        ServerProcess.start(one.subject(), plan, one.name() + "-start", DEFAULT_HEAP)) {
      put(one, Figure.START, server.secondsToAnswer());
      ServerProbe probe = new ServerProbe(server.pid(), null);
      double before = probe.rssBytes();
      String all = String.valueOf(plan.connections());
      Probing probing = new Probing(probe, false);
      RunResult held = run(one, FRESH, Kind.CONNECT, probing, server, "-c", all, "-d", "2s");
      double after = held.ticks().get(held.ticks().size() - 1).server().rssBytes();
      put(one, Figure.FRESH, (after - before) / plan.connections());
    }
  }

  private void serve(Measured one) throws IOException, InterruptedException {
    Path gcLog = plan.out().toAbsolutePath().resolve(one.name() + "-gc.log");
    List<String> flags = new ArrayList<>(MEASURED_HEAP);
    flags.add("-Xlog:gc:file=" + gcLog);
    try (ServerProcess server = ServerProcess.start(one.subject(), plan, one.name(), flags)) {
      connect(one, server);
      broadcast(one, server);
      direct(one, server);
    }
    put(one, Figure.GC_PAUSE, GcLog.pauses(gcLog).stream().mapToDouble(p -> p).max().orElse(0));
  }

  private void connect(Measured one, ServerProcess server)
      throws IOException, InterruptedException {
    String all = String.valueOf(plan.connections());
    // The compilers of both JVMs do their work before what counts, with few connections at a time,
    // so that little memory of theirs is left for those that count.
    run(one, WARM_UP, Kind.CHURN, Probing.NONE, churn(server));
    Thread.sleep(FORGETTING.toMillis());
    Probing probing = new Probing(new ServerProbe(server.pid(), null), true);
    RunResult result = run(one, "connect", Kind.CONNECT, probing, server, "-c", all, "-d", "2s");
    Settled before = result.settled().get(0);
    Settled after = result.settled().get(1);
    double heap = after.heapPerConnection(before);
    put(one, Figure.CONNECT, result.phases().get(0).perSecond(Counter.READY));
    put(one, Figure.HEAP, heap);
    put(one, Figure.RESIDENT, heap + after.rssPerConnection(before));
  }

  private static Options churn(ServerProcess server) {
    Options options = options(server, "-c", "500", "-d", "6s");
    options.rate = 2000;
    return options;
  }

  private void broadcast(Measured one, ServerProcess server) throws IOException {
    RunResult result =
        run(
            one,
            "broadcast",
            Kind.BROADCAST,
            Probing.NONE,
            server,
            "-c",
            String.valueOf(plan.connections()));
    put(one, Figure.BROADCAST, Facts.of(result).get(Facts.BROADCAST_RATE));
  }

  private void direct(Measured one, ServerProcess server) throws IOException {
    String connections = String.valueOf(PAIRS_CONNECTIONS);
    RunResult full =
        run(one, "direct", Kind.DIRECT, Probing.NONE, server, "-c", connections, "--warmup", "5s");
    double rate = full.measured().perSecond(Counter.ANSWERED);
    put(one, Figure.DIRECT, rate);
    Options half = options(server, "-c", connections, "-d", "8s");
    half.rate = rate / 2;
    RunResult paced = run(one, "direct-half", Kind.DIRECT, Probing.NONE, half);
    put(
        one,
        Figure.HALF_RATE_P99,
        paced.measured().total().histograms().histogram(Metric.ACK).getValueAtPercentile(99) / 1e3);
  }

  private static Options options(ServerProcess server, String... words) {
    List<String> all =
        new ArrayList<>(List.of("-u", server.url(), "--sources", "127.0.0.2-127.0.0.4"));
    all.addAll(List.of(words));
    return Options.of(all.toArray(String[]::new));
  }

  private RunResult run(
      Measured one, String name, Kind kind, Probing probing, ServerProcess server, String... words)
      throws IOException {
    return run(one, name, kind, probing, options(server, words));
  }

  private RunResult run(Measured one, String name, Kind kind, Probing probing, Options options)
      throws IOException {
    RunResult result = new Coordinator(kind, options, List.of(), probing, Watcher.SILENT).run();
    if (!name.equals(WARM_UP)) {
      one.add(name, result);
      Reports.write(result, plan.out().resolve("runs"), one.name() + "-" + name);
    }
    if (!result.isClean() || result.total().get(Counter.READY) == 0) {
      throw new IOException(one.name() + ", " + name + ": not clean: " + Facts.of(result));
    }
    return result;
  }

  private void put(Measured one, Figure figure, double value) {
    one.figures().put(figure, value);
    log.printf(
        "%-10s %-48s %12s %s%n", one.name(), figure.label(), Facts.text(value), figure.unit());
  }

  /** A subject in one round. */
  record Measured(
      Subject subject,
      int round,
      Map<Figure, Double> figures,
      Map<String, RunResult> runs,
      List<String> invalid) {
    Measured(Subject subject, int round) {
      this(subject, round, new EnumMap<>(Figure.class), new LinkedHashMap<>(), new ArrayList<>());
    }

    String name() {
      return subject.label() + "-" + round;
    }

    void add(String name, RunResult result) {
      runs.put(name, result);
      // Of the fresh process only the memory counts, whatever time it took to connect.
      if (!name.equals(FRESH)) {
        result.invalid().forEach(reason -> invalid.add(name() + ", " + name + ", " + reason));
      }
    }
  }
}
