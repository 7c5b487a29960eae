package im.parley.loadtest.cli;

import im.parley.loadtest.probe.ServerProbe;
import im.parley.loadtest.report.ConsoleReport;
import im.parley.loadtest.report.Reports;
import im.parley.loadtest.run.Coordinator;
import im.parley.loadtest.run.RunResult;
import im.parley.loadtest.run.WorkerLoop;
import im.parley.loadtest.scenario.Kind;
import im.parley.loadtest.scenario.Options;
import im.parley.loadtest.wire.SourceAddresses;
import im.parley.loadtest.wire.Target;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import sun.misc.Signal;

/** Runs one scenario and reports; in a worker process serves its parent. */
abstract class ScenarioCommand implements Callable<Integer> {
  @Mixin private Options options;
  @Mixin private OutputOptions output;
  @Spec private CommandSpec spec;

  private final Kind kind;

  ScenarioCommand(Kind kind) {
    this.kind = kind;
  }

  /** Puts what only this scenario takes where the scenario looks for it. */
  void fill(Options into) {}

  @Override
  public Integer call() throws IOException {
    fill(options);
    check();
    Integer worker = Integer.getInteger("parley.loadtest.worker");
    if (worker != null) {
      // Ctrl-C reaches all processes of a terminal; the parent ends the workers.
      Signal.handle(new Signal("INT"), signal -> {});
      WorkerLoop.serve(kind, options, worker);
      return ExitCode.OK;
    }
    List<String> arguments = spec.root().commandLine().getParseResult().originalArgs();
    ServerProbe probe = new ServerProbe(output.serverPid, output.adminUrl);
    Progress progress = new Progress(kind, options, output.quietly);
    Coordinator coordinator =
        new Coordinator(
            kind, options, arguments, new Coordinator.Probing(probe, output.serverGc), progress);
    // A shell lets what it starts in the background ignore INT.
    for (String name : List.of("INT", "TERM")) {
      Signal.handle(new Signal(name), signal -> coordinator.interrupt());
    }
    RunResult result = coordinator.run();
    progress.end();
    ConsoleReport.print(result, System.out);
    Reports.write(result, output.directory, output.name);
    return ExitCode.of(result);
  }

  private void check() {
    try {
      Target.parse(options.targets);
      SourceAddresses.parse(options.sources);
      expect(options.connections > 0, "--connections", options.connections, "at least 1");
      expect(options.workers > 0, "--workers", options.workers, "at least 1");
      expect(options.loops >= 0, "--loops", options.loops, "at least 0");
      expect(options.window > 0, "--window", options.window, "at least 1");
      expect(options.size >= 20, "--size", options.size, "at least 20");
      expect(options.rate >= 0, "--rate", options.rate, "at least 0");
      expect(options.outstanding > 0, "--outstanding", options.outstanding, "at least 1");
      expect(options.rooms > 0, "--rooms", options.rooms, "at least 1");
      expect(!options.interval.isZero(), "--interval", options.interval, "more than 0s");
      expect(
          options.kill == 0 || Target.parse(options.targets).size() > 1,
          "--kill",
          options.kill,
          "with a second --target, where they go then");
      boolean pairs = kind == Kind.DIRECT || kind == Kind.STORM && options.messages > 0;
      expect(
          !pairs || options.connections > 1,
          "--connections",
          options.connections,
          "a pair at least");
      expect(
          kind != Kind.STORM || options.messages <= 400,
          "--messages",
          options.messages,
          "at most 400");
      expect(
          options.silent >= 0 && options.silent <= options.connections - 2 || kind != Kind.SCALE,
          "--silent",
          options.silent,
          "0 to two less than --connections");
      expect(!output.serverGc || output.serverPid > 0, "--server-gc", "given", "with --server-pid");
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  private static void expect(boolean ok, String option, Object value, String expected) {
    if (!ok) {
      throw new IllegalArgumentException(option + " " + value + ": expected " + expected);
    }
  }
}
