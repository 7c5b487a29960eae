package im.parley.loadtest.cli;

import im.parley.loadtest.verify.check.Checker;
import im.parley.loadtest.verify.check.Verdict;
import im.parley.loadtest.verify.fault.Fault;
import im.parley.loadtest.verify.history.History;
import im.parley.loadtest.verify.run.VerdictReport;
import im.parley.loadtest.verify.run.VerifyPlan;
import im.parley.loadtest.verify.run.VerifyRun;
import im.parley.loadtest.verify.servers.Servers;
import im.parley.loadtest.verify.servers.ServersPlan;
import im.parley.loadtest.wire.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Write and read while servers are killed, stopped and cut off, then judge what happened.",
    footer = {
      "",
      "Exit codes: 0 valid · 1 a promise was broken · 2 wrong usage, or the run failed"
    })
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private Subject subject;

  /** What is verified. */
  private static final class Subject {
    @Option(
        names = {"-u", "--target"},
        paramLabel = "URL",
        description = "every node of servers that run already")
    private List<String> targets;

    @Option(
        names = "--cluster",
        paramLabel = "N",
        description = "start so many nodes, and stop them in the end; 1 is a node alone")
    private Integer nodes;

    @Option(
        names = "--check",
        paramLabel = "FILE",
        description = "judge a stored history again, and nothing else")
    private Path history;
  }

  @Mixin private VerifyOptions options;

  @Override
  public Integer call() throws Exception {
    if (subject.history != null) {
      return report(Checker.check(History.read(subject.history)), subject.history);
    }
    Files.createDirectories(options.out());
    return subject.nodes == null ? runOnTargets() : runOnServers();
  }

  private int runOnTargets() throws IOException, InterruptedException {
    return run(Target.parse(subject.targets), options.faults(Optional.empty()));
  }

  private int runOnServers() throws IOException, InterruptedException {
    ServersPlan plan = options.servers(subject.nodes);
    try (Servers servers = Servers.start(plan)) {
      return run(Target.parse(servers.urls()), options.faults(Optional.of(servers)));
    }
  }

  private int run(List<Target> targets, List<Supplier<Fault>> faults)
      throws IOException, InterruptedException {
    PrintWriter progress = spec.commandLine().getErr();
    VerifyPlan plan = options.plan();
    return report(
        new VerifyRun(plan, options.clients(targets), faults, progress).run(), plan.history());
  }

  private int report(Verdict verdict, Path history) throws IOException {
    new VerdictReport(verdict, history).print(spec.commandLine().getOut());
    return verdict.isValid() ? ExitCode.OK : ExitCode.UNCLEAN;
  }
}
