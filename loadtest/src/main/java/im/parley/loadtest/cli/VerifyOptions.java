package im.parley.loadtest.cli;

import im.parley.loadtest.verify.client.ClientSettings;
import im.parley.loadtest.verify.fault.CommandFault;
import im.parley.loadtest.verify.fault.Fault;
import im.parley.loadtest.verify.fault.FaultKind;
import im.parley.loadtest.verify.run.VerifyPlan;
import im.parley.loadtest.verify.servers.Servers;
import im.parley.loadtest.verify.servers.ServersPlan;
import im.parley.loadtest.wire.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** How {@code verify} runs. */
final class VerifyOptions {
  @Option(
      names = "--users",
      paramLabel = "N",
      defaultValue = "60",
      description = "every other one has two devices (${DEFAULT-VALUE})")
  private int users;

  @Option(
      names = "--rooms",
      paramLabel = "N",
      defaultValue = "10",
      description =
          "of 3 and more users, beside one direct conversation per user (${DEFAULT-VALUE})")
  private int rooms;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "200",
      description = "messages a second in all (${DEFAULT-VALUE})")
  private double rate;

  @Option(
      names = {"-d", "--duration"},
      paramLabel = "TIME",
      defaultValue = "1m",
      description = "of writing and faults (${DEFAULT-VALUE})")
  private Duration duration;

  @Option(
      names = "--faults",
      paramLabel = "NAMES",
      split = ",",
      description =
          "happen in turn, over and over: kill pause partition store-cut redis-kill redis-pause roll clock, or a --command's name")
  private List<String> faults = List.of();

  @Option(
      names = "--every",
      paramLabel = "TIME",
      defaultValue = "20s",
      description = "from the beginning of a fault to that of the next (${DEFAULT-VALUE})")
  private Duration every;

  @Option(
      names = "--lasting",
      paramLabel = "TIME",
      defaultValue = "8s",
      description = "of a fault (${DEFAULT-VALUE})")
  private Duration lasting;

  @Option(
      names = "--command",
      paramLabel = "NAME=BEGIN;;END",
      description = "a fault of your own: two shell commands")
  private List<String> commands = List.of();

  @Option(names = "--epochs-may-change", description = "when something else may restart the store")
  private boolean epochsMayChange;

  @Option(
      names = "--window",
      paramLabel = "N",
      defaultValue = "4",
      description = "sends without a reply of one device (${DEFAULT-VALUE})")
  private int window;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "10s",
      description = "for a reply, after which the connection counts as dead (${DEFAULT-VALUE})")
  private Duration timeout;

  @Option(
      names = "--heartbeat",
      paramLabel = "TIME",
      defaultValue = "10s",
      description = "of each device, with its cursors (${DEFAULT-VALUE})")
  private Duration heartbeat;

  @Option(
      names = "--backoff",
      paramLabel = "TIME",
      defaultValue = "30s",
      description = "longest wait before a reconnect (${DEFAULT-VALUE})")
  private Duration backoff;

  @Option(
      names = "--settle",
      paramLabel = "TIME",
      defaultValue = "90s",
      description =
          "longest wait for each: logins, acknowledgements, last syncs, logs (${DEFAULT-VALUE})")
  private Duration settle;

  @Option(names = "--seed", paramLabel = "N", description = "of what is random; new each time")
  private Long seed;

  @Option(
      names = "--store",
      paramLabel = "STORE",
      defaultValue = "redis",
      description = "with --cluster: redis, or sqlite for a node alone (${DEFAULT-VALUE})")
  private Store store;

  @Option(
      names = "--server-jar",
      paramLabel = "JAR",
      defaultValue = "target/parley.jar",
      description = "with --cluster: Parley's jar (${DEFAULT-VALUE})")
  private Path serverJar;

  @Option(
      names = "--server-heap",
      paramLabel = "SIZE",
      defaultValue = "256m",
      description = "with --cluster: of each node (${DEFAULT-VALUE})")
  private String serverHeap;

  @Option(
      names = "--server-set",
      paramLabel = "KEY=VALUE",
      description = "with --cluster: settings of the nodes")
  private List<String> serverSettings = List.of();

  @Option(
      names = {"-o", "--out"},
      paramLabel = "DIR",
      defaultValue = "loadtest/out/verify",
      description = "the history, and the servers' data and logs (${DEFAULT-VALUE})")
  private Path out;

  /** Where the nodes that are started keep their logs. */
  private enum Store {
    REDIS,
    SQLITE
  }

  Path out() {
    return out;
  }

  VerifyPlan plan() {
    long given = seed == null ? System.nanoTime() : seed;
    String name = "verify-" + ProcessHandle.current().pid() + ".jsonl.gz";
    return new VerifyPlan(
        users,
        rooms,
        rate,
        duration,
        every,
        lasting,
        settle,
        epochsMayChange,
        given,
        out.resolve(name));
  }

  ClientSettings clients(List<Target> targets) {
    return new ClientSettings(targets, window, timeout, heartbeat, backoff);
  }

  ServersPlan servers(int nodes) {
    List<FaultKind> kinds = faults.stream().filter(this::isBuiltIn).map(FaultKind::of).toList();
    if (store == Store.SQLITE && kinds.stream().anyMatch(FaultKind::needsRedis)) {
      throw new IllegalArgumentException("--store sqlite: expected redis for " + faults);
    }
    Path directory = out.resolve("servers-" + ProcessHandle.current().pid());
    return new ServersPlan(
        serverJar,
        nodes,
        store == Store.REDIS,
        kinds.stream().anyMatch(FaultKind::needsCuts),
        kinds.stream().anyMatch(FaultKind::needsClocks),
        serverHeap,
        serverSettings,
        directory);
  }

  /**
   * In turn.
   *
   * @param servers that were started; without them there are only commands
   */
  List<Supplier<Fault>> faults(Optional<Servers> servers) {
    Random random = new Random(seed == null ? System.nanoTime() : seed);
    List<Supplier<Fault>> suppliers = new ArrayList<>();
    for (String word : faults) {
      if (isBuiltIn(word)) {
        FaultKind kind = FaultKind.of(word);
        Servers started =
            servers.orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "fault " + word + ": expected --cluster, or a --command of that name"));
        suppliers.add(() -> kind.on(started, random));
      } else {
        suppliers.add(command(word)::once);
      }
    }
    return suppliers;
  }

  private boolean isBuiltIn(String word) {
    return commands.stream().map(CommandFault::parse).noneMatch(one -> one.name().equals(word));
  }

  private CommandFault command(String word) {
    return commands.stream()
        .map(CommandFault::parse)
        .filter(one -> one.name().equals(word))
        .findFirst()
        .orElseThrow();
  }
}
