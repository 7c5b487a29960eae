package im.parley.loadtest.bench;

import im.parley.loadtest.measure.Counter;
import im.parley.loadtest.report.Facts;
import im.parley.loadtest.report.Reports;
import im.parley.loadtest.run.Coordinator;
import im.parley.loadtest.run.Coordinator.Probing;
import im.parley.loadtest.run.RunResult;
import im.parley.loadtest.run.Watcher;
import im.parley.loadtest.scenario.Kind;
import im.parley.loadtest.scenario.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Loads one server with scenarios, and keeps what came of each. One thread's. */
final class Runs {
  /**
   * A server keeps something of those who left for a while (Parley ten seconds, for their
   * watchers), which would count as there before the connections that are measured.
   */
  private static final Duration FORGETTING = Duration.ofSeconds(12);

  private final Path out;
  private final String server;
  private final Map<String, RunResult> results = new LinkedHashMap<>();
  private final List<String> invalid = new ArrayList<>();

  /**
   * @param server its name, for files and complaints
   */
  Runs(Path out, String server) {
    this.out = out;
    this.server = server;
  }

  /** A scenario's options for that server, as on a command line. */
  static Options options(ServerProcess server, String... words) {
    List<String> all =
        new ArrayList<>(List.of("-u", server.url(), "--sources", "127.0.0.2-127.0.0.4"));
    all.addAll(List.of(words));
    return Options.of(all.toArray(String[]::new));
  }

  /**
   * The compilers of both JVMs do their work before what counts, with few connections at a time, so
   * that little memory of theirs is left for those that count. A login of Parley costs 560 µs of
   * processor in the first 15,000, 215 in the third, 140 from the sixth on.
   */
  void warmUp(ServerProcess server) throws IOException, InterruptedException {
    Options options = options(server, "-c", "500", "-d", "45s");
    options.rate = 2000;
    clean("warm-up", coordinate(Kind.CHURN, Probing.NONE, options));
    forget();
  }

  /** Waits until the server has forgotten those who left. */
  static void forget() throws InterruptedException {
    Thread.sleep(FORGETTING.toMillis());
  }

  /** Runs one whose speed counts: a saturated generator is noted. */
  RunResult run(String name, Kind kind, Probing probing, Options options) throws IOException {
    RunResult result = runUntimed(name, kind, probing, options);
    result.invalid().forEach(reason -> invalid.add(server + ", " + name + ", " + reason));
    return result;
  }

  /** Runs one of which not the speed counts but the memory. */
  RunResult runUntimed(String name, Kind kind, Probing probing, Options options)
      throws IOException {
    RunResult result = coordinate(kind, probing, options);
    results.put(name, result);
    Reports.write(result, out.resolve("runs"), server + "-" + name);
    return clean(name, result);
  }

  /**
   * The generator collects its own garbage before, and its young generation ({@code
   * loadtest/bench}) is larger than what a run leaves: a pause of its own would count as the
   * server's.
   */
  private static RunResult coordinate(Kind kind, Probing probing, Options options) {
    System.gc();
    return new Coordinator(kind, options, List.of(), probing, Watcher.SILENT).run();
  }

  private RunResult clean(String name, RunResult result) throws IOException {
    if (!result.isClean() || result.total().get(Counter.READY) == 0) {
      throw new IOException(server + ", " + name + ": not clean: " + Facts.of(result));
    }
    return result;
  }

  /** By their names, in order. */
  Map<String, RunResult> results() {
    return results;
  }

  /** The runs in which the generator did not keep up; their figures do not count. */
  List<String> invalid() {
    return invalid;
  }
}
