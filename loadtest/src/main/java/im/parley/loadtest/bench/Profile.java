package im.parley.loadtest.bench;

import im.parley.loadtest.measure.Counter;
import im.parley.loadtest.measure.PhaseTotals;
import im.parley.loadtest.probe.ServerProbe;
import im.parley.loadtest.report.Facts;
import im.parley.loadtest.run.Coordinator.Probing;
import im.parley.loadtest.run.RunResult;
import im.parley.loadtest.run.Tick;
import im.parley.loadtest.scenario.Kind;
import im.parley.loadtest.scenario.Options;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What one node does, allocates and waits for while it is loaded in each of the ways that count, as
 * Java's flight recorder sees it. One thread's.
 */
public final class Profile {
  private static final int SHOWN = 10;
  private static final int PAIRS_CONNECTIONS = 1000;

  private final BenchPlan plan;
  private final PrintStream log;
  private final Runs runs;

  public Profile(BenchPlan plan, PrintStream log) {
    this.plan = plan;
    this.log = log;
    this.runs = new Runs(plan.out(), "profile");
  }

  /**
   * A way to load it.
   *
   * @param phase whose time is looked at; null for the measured one
   * @param each what the costs are divided by
   */
  private record Load(String name, Kind kind, String phase, Counter each, Options options) {
    PhaseTotals totals(RunResult result) {
      return phase == null ? result.measured() : result.phase(phase);
    }
  }

  /** Writes {@code profile.json}, {@code profile.html} and a {@code .jfr} file for each load. */
  public Report run(Launcher launcher) throws IOException, InterruptedException {
    Files.createDirectories(plan.out());
    Path jdk = Subject.ownJdk();
    List<String> flags = launcher.flags(jdk, List.of(), plan.serverJar());
    Subject subject = new Subject(Subject.PARLEY, Subject.Program.PARLEY, jdk, flags, List.of());
    Path gcLog = plan.out().toAbsolutePath().resolve("profile-gc.log");
    String how = "One round, one node, with the flight recorder's profiling settings.";
    List<List<String>> costs = new ArrayList<>();
    List<Recording> recordings = new ArrayList<>();
    try (ServerProcess server =
        ServerProcess.start(subject, plan, "profile", ServerProcess.measuredHeap(gcLog))) {
      runs.warmUp(server);
      for (Load load : loads(server)) {
        runs.runUntimed(load.name() + "-warm-up", load.kind(), Probing.NONE, some(server));
        Runs.forget();
        ServerProbe probe = new ServerProbe(server.pid(), null);
        Path file = plan.out().toAbsolutePath().resolve("profile-" + load.name() + ".jfr");
        begin(probe);
        RunResult result =
            runs.run(load.name(), load.kind(), new Probing(probe, false), load.options());
        end(probe, file);
        List<Tick> ticks = ticks(load, result);
        Recording recording = read(ticks, result, file);
        recordings.add(recording);
        costs.add(costs(load, ticks, recording));
        log.println(String.join("  ", costs.get(costs.size() - 1)));
        Runs.forget();
      }
    }
    Report report = new Report(plan, "profile", how, List.of(subject), runs.invalid());
    report.table(
        List.of("load", "of", "CPU each, µs", "allocated each, B", "pauses", "longest, ms"), costs);
    JsonObject json = new JsonObject();
    for (int i = 0; i < recordings.size(); i++) {
      String name = costs.get(i).get(0);
      Recording recording = recordings.get(i);
      shares(report, name + ": running Java", recording.running());
      shares(report, name + ": allocated classes", recording.classes());
      shares(report, name + ": allocating methods", recording.allocating());
      json.put(name, recording.json());
    }
    return report.write(json);
  }

  private List<Load> loads(ServerProcess server) {
    return List.of(
        new Load("connect", Kind.CONNECT, "connect", Counter.READY, everybody(server, "-d", "1s")),
        new Load("direct", Kind.DIRECT, null, Counter.ANSWERED, some(server, "-d", "10s")),
        new Load("room", Kind.ROOM, null, Counter.DELIVERED, some(server, "-d", "10s")),
        new Load("broadcast", Kind.BROADCAST, null, Counter.DELIVERED, everybody(server)));
  }

  private Options everybody(ServerProcess server, String... words) {
    Options options = Runs.options(server, words);
    options.connections = plan.connections();
    return options;
  }

  private Options some(ServerProcess server, String... words) {
    Options options = Runs.options(server, words);
    options.connections = Math.min(PAIRS_CONNECTIONS, plan.connections());
    return options;
  }

  private static void begin(ServerProbe probe) throws IOException {
    String said = probe.jcmd("JFR.start name=parley settings=profile");
    if (!said.contains("Started recording")) {
      throw new IOException("the flight recorder does not start: " + said);
    }
  }

  private static void end(ServerProbe probe, Path file) throws IOException {
    Files.deleteIfExists(file);
    String said = probe.jcmd("JFR.stop name=parley filename=" + file);
    if (!Files.exists(file)) {
      throw new IOException("the flight recorder wrote nothing: " + said);
    }
  }

  /** The seconds that count: logins come before, and are a load of their own. */
  private static List<Tick> ticks(Load load, RunResult result) {
    return result.ticks().stream()
        .filter(tick -> tick.phase().equals(load.totals(result).name()))
        .filter(tick -> !Double.isNaN(tick.server().cpuCores())) // of the first it is not known
        .toList();
  }

  private static Recording read(List<Tick> ticks, RunResult result, Path file) throws IOException {
    Tick first = ticks.get(0);
    Tick last = ticks.get(ticks.size() - 1);
    return Recording.read(file, at(result, first.at() - first.seconds()), at(result, last.at()));
  }

  private static Instant at(RunResult result, double seconds) {
    return result.began().plus(Duration.ofNanos((long) (seconds * 1e9)));
  }

  private static List<String> costs(Load load, List<Tick> ticks, Recording recording) {
    long count =
        Math.max(1, ticks.stream().mapToLong(tick -> tick.sample().get(load.each())).sum());
    double cpu =
        ticks.stream().mapToDouble(tick -> tick.server().cpuCores() * tick.seconds()).sum();
    return List.of(
        load.name(),
        "%,d".formatted(count),
        Facts.text(cpu * 1e6 / count),
        Facts.text(recording.allocatedBytes() / count),
        Integer.toString(recording.pauses()),
        Facts.text(recording.longestPauseMillis()));
  }

  private static void shares(Report report, String title, Map<String, Double> shares) {
    report.table(
        List.of(title, "%"),
        shares.entrySet().stream()
            .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
            .limit(SHOWN)
            .map(share -> List.of(share.getKey(), Facts.text(share.getValue() * 100)))
            .toList());
  }
}
