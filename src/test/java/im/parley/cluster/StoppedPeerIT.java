package im.parley.cluster;

import static im.parley.testing.Waiting.await;
import static im.parley.testing.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.ChildJvm;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another node as a process that is stopped, resumed, killed and started again. */
class StoppedPeerIT {
  private static final long QUEUE = 2 << 20;

  @TempDir private Path directory;
  private PeerNode node;
  private ChildJvm child;
  private long other;
  private int lane;
  private int number;

  @BeforeEach
  void start() throws Exception {
    node = PeerNode.start(PeerLimits.of(QUEUE), 0);
    child = child();
    other = numberOf(child);
  }

  @AfterEach
  void stop() {
    child.close();
    node.close();
  }

  @Test
  void a_pause_costs_nothing_but_time() throws Exception {
    send(1_000);
    until("all came", () -> figures(other).frames() == 1_000);
    child.signal("STOP");
    send(1_000);
    Future<Buffer> answer = node.bus.ask(other, Buffer.buffer("who"));
    child.signal("CONT");
    assertThat(await(answer)).hasToString("who");
    assertThat(figures(other)).matches(its -> its.frames() == 2_000 && its.overruns() == 0);
  }

  @Test
  void a_stopped_node_costs_its_bounds_and_is_told_of_what_it_missed() throws Exception {
    try (ChildJvm third = child()) {
      long bystander = numberOf(third);
      send(1);
      until("it came", () -> figures(other).frames() == 1);
      await(node.bus.ask(bystander, Buffer.buffer("who")));

      child.signal("STOP");
      int toBystander = 0;
      while (node.meters.dropped.count() < 20_000) {
        send(100);
        node.bus.send(bystander, Ledger.frame(1, ++toBystander, 256));
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1)); // 100,000 a second at most
      }
      assertThat(waiting()).isBetween(QUEUE / 2.0, (double) QUEUE);
      int all = toBystander;
      Ledger.Figures its = awaitFrames(bystander, all);
      assertThat(its.disorder() + its.silent() + its.overruns()).isZero();
      assertThat(its.latest()).isLessThan(TimeUnit.SECONDS.toNanos(3));

      child.signal("CONT");
      until("it is told", () -> overruns(other) > 0);
      int before = number;
      until("it takes frames again", () -> taken(before));
      assertThat(figures(other).disorder()).isZero();
      assertThat(figures(other).silent()).isZero();
      assertThat(waiting()).isZero();
    }
  }

  /** Whether a frame that is sent now comes. */
  private boolean taken(int before) {
    long frames = figures(other).frames();
    send(1);
    return figures(other).frames() > frames && number > before;
  }

  @Test
  void a_dead_node_fails_its_questions_at_once_and_leaves_nothing() throws Exception {
    send(1);
    until("it came", () -> figures(other).frames() == 1);
    child.signal("STOP");
    Future<Buffer> unanswered = node.bus.ask(other, Buffer.buffer("who"));
    while (node.meters.dropped.count() == 0) {
      send(1_000);
    }
    child.signal("KILL");
    until("its question fails", unanswered::isComplete);
    assertThat(unanswered.cause()).isInstanceOf(NoAnswer.class);
    until("it is gone", () -> node.members.nodes().size() == 1);
    until("nothing waits", () -> waiting() == 0);
    double dropped = node.meters.dropped.count();
    send(10);
    assertThat(node.meters.dropped.count()).isEqualTo(dropped + 10);

    try (ChildJvm again = child()) {
      long reborn = numberOf(again);
      assertThat(reborn).isNotEqualTo(other);
      node.bus.send(reborn, Ledger.frame(5, 1, 64));
      awaitFrames(reborn, 1);
      assertThat(figures(reborn).overruns()).isZero();
    }
  }

  private ChildJvm child() throws Exception {
    return ChildJvm.start(PeerChild.class, directory, Map.of(), Integer.toString(node.port()));
  }

  private long numberOf(ChildJvm process) throws Exception {
    long its = Long.parseLong(process.awaitLine("number ").substring("number ".length()));
    until("it is a member", () -> node.members.nodes().stream().anyMatch(info -> info.id() == its));
    return its;
  }

  private void send(int frames) {
    for (int i = 0; i < frames; i++) {
      node.bus.send(other, Ledger.frame(lane, ++number, 256));
    }
  }

  private Ledger.Figures awaitFrames(long of, long frames) {
    until("all came", () -> figures(of).frames() == frames);
    return figures(of);
  }

  private Ledger.Figures figures(long of) {
    return PeerNode.figures(node, of);
  }

  /** 0 while its questions fail for too much waits. */
  private long overruns(long of) {
    Future<Buffer> answer = node.bus.ask(of, Buffer.buffer("figures"));
    until("there is an outcome", answer::isComplete);
    return answer.succeeded() ? Ledger.Figures.read(answer.result()).overruns() : 0;
  }

  private double waiting() {
    return node.registry.get("parley.peer.waiting.bytes").gauge().value();
  }
}
