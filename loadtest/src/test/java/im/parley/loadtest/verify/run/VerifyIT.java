package im.parley.loadtest.verify.run;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.loadtest.verify.check.Spoiler;
import im.parley.loadtest.verify.check.Verdict;
import im.parley.loadtest.verify.check.Window;
import im.parley.loadtest.verify.client.ClientSettings;
import im.parley.loadtest.verify.fault.Fault;
import im.parley.loadtest.verify.fault.FaultKind;
import im.parley.loadtest.verify.history.History;
import im.parley.loadtest.verify.servers.Servers;
import im.parley.loadtest.verify.servers.ServersPlan;
import im.parley.loadtest.wire.Target;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real node, real faults: what they leave must be valid, and what is spoilt must be found. */
class VerifyIT {
  private static final Path JAR = Path.of("..", "target", "parley.jar");
  private static final long SEED = 7;

  @TempDir private Path directory;

  @Test
  void a_node_with_the_embedded_store_may_be_killed_and_stopped() throws Exception {
    Verdict verdict = run(FaultKind.KILL, FaultKind.PAUSE);
    assertValid(verdict, "kill of node 0", "pause of node 0");
    new Spoiler(History.read(directory.resolve("history.jsonl.gz")), SEED).checkAll();
  }

  private static void assertValid(Verdict verdict, String... faults) {
    assertThat(verdict.violations()).isEmpty();
    assertThat(verdict.windows()).extracting(Window::fault).containsExactly(faults);
    assertThat(verdict.counts().get("acknowledged")).isGreaterThan(200);
    assertThat(verdict.counts().get("received by push")).isPositive();
    assertThat(verdict.counts().get("received by sync")).isPositive();
  }

  private Verdict run(FaultKind... faults) throws Exception {
    Duration lasting = Duration.ofSeconds(2);
    Duration every = Duration.ofSeconds(4);
    VerifyPlan plan =
        new VerifyPlan(
            20,
            5,
            100,
            every.multipliedBy(faults.length),
            every,
            lasting,
            Duration.ofSeconds(60),
            false,
            SEED,
            directory.resolve("history.jsonl.gz"));
    ServersPlan serversPlan =
        new ServersPlan(
            JAR,
            1,
            false,
            false,
            false,
            "192m",
            List.of("drain.grace=1s"),
            directory.resolve("servers"));
    Random random = new Random(SEED);
    try (Servers servers = Servers.start(serversPlan)) {
      List<Supplier<Fault>> suppliers =
          Arrays.stream(faults)
              .map(kind -> (Supplier<Fault>) () -> kind.on(servers, random))
              .toList();
      ClientSettings clients =
          new ClientSettings(
              Target.parse(servers.urls()),
              4,
              Duration.ofSeconds(3),
              Duration.ofSeconds(1),
              Duration.ofSeconds(1));
      return new VerifyRun(plan, clients, suppliers, new PrintWriter(System.out)).run();
    }
  }
}
