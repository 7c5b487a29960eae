package im.parley.cluster;

import static im.parley.testing.Waiting.await;
import static im.parley.testing.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Three nodes in one process, over real sockets. */
class EventBusPeersIT {
  private static final PeerLimits LIMITS =
      new PeerLimits(
          1 << 20, 64 << 10, 4 << 20, 64, 100, Duration.ofSeconds(1), Duration.ofSeconds(1));

  private static PeerNode a;
  private static PeerNode b;
  private static PeerNode c;

  @BeforeAll
  static void start() {
    a = PeerNode.start(LIMITS, 0);
    b = PeerNode.start(LIMITS, a.port());
    c = PeerNode.start(LIMITS, a.port());
    for (PeerNode node : List.of(a, b, c)) {
      until("all know each other", () -> node.members.nodes().size() == 3);
    }
  }

  @AfterAll
  static void stop() {
    List.of(c, b, a).forEach(PeerNode::close);
  }

  @Test
  void frames_of_each_thread_arrive_once_and_in_order_at_each_node() throws Exception {
    int threads = 4;
    int frames = 50_000;
    Ledger.Figures atB = b.ledger.figures();
    Ledger.Figures atC = c.ledger.figures();
    double dropped = a.meters.dropped.count();

    List<Thread> senders = new ArrayList<>();
    for (int lane = 0; lane < threads; lane++) {
      int its = lane;
      senders.add(new Thread(() -> sendAll(its, frames)));
    }
    senders.forEach(Thread::start);
    for (Thread sender : senders) {
      sender.join();
    }

    assertThat(a.meters.dropped.count()).isEqualTo(dropped);
    long all = (long) threads * frames;
    until("all came to b", () -> b.ledger.figures().frames() == atB.frames() + all);
    until("all came to c", () -> c.ledger.figures().frames() == atC.frames() + all);
    for (PeerNode node : List.of(b, c)) {
      assertThat(node.ledger.figures().disorder()).isZero();
      assertThat(node.ledger.figures().silent()).isZero();
      assertThat(node.ledger.figures().overruns()).isZero();
    }
    assertThat(a.meters.batchesSent.count()).isLessThan(2 * all);
    until("all is acknowledged", () -> a.meters.roundTrip.count() > 0);
  }

  /** As fast as the nodes take them. */
  private static void sendAll(int lane, int frames) {
    for (int number = 1; number <= frames; number++) {
      until("there is room", () -> waiting(a) < LIMITS.queueBytes() / 2);
      Buffer frame = Ledger.frame(lane, number, 64);
      a.bus.send(b.number(), frame);
      a.bus.send(c.number(), frame);
    }
  }

  private static double waiting(PeerNode node) {
    return node.registry.get("parley.peer.waiting.bytes").gauge().value();
  }

  @Test
  void a_question_is_answered() {
    Buffer question = Buffer.buffer(new byte[100_000]);
    assertThat(await(a.bus.ask(b.number(), question))).isEqualTo(question);
    assertThat(await(c.bus.ask(a.number(), Buffer.buffer("who")))).hasToString("who");
  }

  @Test
  void a_refusal_comes_back_as_it_was() {
    Refusal refusal = (Refusal) failure(a.bus.ask(b.number(), Buffer.buffer("refuse")));
    assertThat(refusal.code()).isEqualTo(ErrorCode.CONFLICT);
    assertThat(refusal.reason()).isEqualTo("not twice, 不行");
    assertThat(refusal.retryAfterMs()).isEqualTo(1_234);
  }

  @Test
  void a_fault_comes_back_without_its_words() {
    for (String question : List.of("fail", "throw")) {
      Refusal refusal = (Refusal) failure(a.bus.ask(b.number(), Buffer.buffer(question)));
      assertThat(refusal.code()).isEqualTo(ErrorCode.SERVER_ERROR);
      assertThat(refusal.reason()).isEqualTo("internal error");
    }
  }

  @Test
  void an_answer_that_is_too_long_is_a_refusal() {
    Refusal refusal = (Refusal) failure(a.bus.ask(b.number(), Buffer.buffer("too long")));
    assertThat(refusal.code()).isEqualTo(ErrorCode.TOO_LARGE);
  }

  @Test
  void silence_is_a_failure_after_a_while_and_too_many_questions_at_once() {
    List<Future<Buffer>> answers = new ArrayList<>();
    for (int i = 0; i < LIMITS.questions(); i++) {
      answers.add(b.bus.ask(c.number(), Buffer.buffer("silence")));
    }
    Refusal refusal = (Refusal) failure(b.bus.ask(c.number(), Buffer.buffer("who")));
    assertThat(refusal.code()).isEqualTo(ErrorCode.BUSY);
    assertThat(b.meters.questionsRefused.count()).isEqualTo(1);
    for (Future<Buffer> answer : answers) {
      assertThat(failure(answer)).isInstanceOf(NoAnswer.class).hasMessageContaining("in time");
    }
    assertThat(await(b.bus.ask(c.number(), Buffer.buffer("who")))).hasToString("who");
    assertThat(b.registry.get("parley.peer.questions").gauge().value()).isZero();
  }

  @Test
  void no_node_is_asked_that_is_none() {
    assertThat(failure(a.bus.ask(12_345, Buffer.buffer("who")))).isInstanceOf(NoAnswer.class);
    assertThat(failure(a.bus.ask(a.number(), Buffer.buffer("who")))).isInstanceOf(NoAnswer.class);
    double dropped = a.meters.dropped.count();
    a.bus.send(12_345, Buffer.buffer("who"));
    assertThat(a.meters.dropped.count()).isEqualTo(dropped + 1);
  }

  @Test
  void a_frame_over_its_limit_is_refused() {
    Buffer tooLong = Buffer.buffer(new byte[PeerLimits.MAX_FRAME_BYTES + 1]);
    assertThatThrownBy(() -> a.bus.send(b.number(), tooLong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1048577");
    assertThat(failure(a.bus.ask(b.number(), tooLong)))
        .isInstanceOf(IllegalArgumentException.class);
    Buffer longest = Buffer.buffer(new byte[PeerLimits.MAX_FRAME_BYTES - 1_000]);
    assertThat(await(a.bus.ask(b.number(), longest))).isEqualTo(longest);
  }

  @Test
  void garbage_on_the_address_is_counted_and_changes_nothing() {
    Random random = new Random(1);
    String address = EventBusPeers.address(b.number());
    double before = b.meters.malformed.count();
    Ledger.Figures figures = b.ledger.figures();
    int sent = 0;
    for (int i = 0; i < 2_000; i++) {
      Buffer garbage = garbage(random, i);
      c.vertx().eventBus().send(address, garbage);
      sent++;
    }
    c.vertx().eventBus().send(address, "a text");
    c.vertx().eventBus().send(address, 17);
    double all = before + sent + 2;
    until("all was counted", () -> b.meters.malformed.count() == all);
    assertThat(b.ledger.figures()).isEqualTo(figures);
    assertThat(await(c.bus.ask(b.number(), Buffer.buffer("who")))).hasToString("who");
  }

  /** Random bytes, a batch of a stranger, and batches of a member with one thing wrong. */
  private static Buffer garbage(Random random, int i) {
    byte[] bytes = new byte[random.nextInt(200)];
    random.nextBytes(bytes);
    BatchHeader.Kind kind = BatchHeader.Kind.values()[random.nextInt(6)];
    return switch (i % 4) {
      case 0 -> Buffer.buffer(bytes);
      case 1 -> new BatchHeader(kind, random.nextLong(), 1, 1, 1, 1, 0).buffer(48);
      case 2 -> new BatchHeader(kind, c.number(), 1, 1, 1, 1, 1 + random.nextInt()).buffer(48);
      default ->
          new BatchHeader(kind, c.number(), 1, 1, 1, 1, 1)
              .buffer(48)
              .appendInt(random.nextBoolean() ? 2_000_000_000 : -random.nextInt(100))
              .appendByte((byte) 0)
              .appendBytes(bytes);
    };
  }

  @Test
  void after_a_merge_a_node_whose_registration_was_lost_is_reached_again() {
    PeerNode d = PeerNode.start(LIMITS, a.port());
    try {
      until("a knows it", () -> a.members.nodes().size() == 4);
      assertThat(await(a.bus.ask(d.number(), Buffer.buffer("who")))).hasToString("who");
      d.forgetRegistration(EventBusPeers.address(d.number()));
      until("it is not reached", () -> failed(a.bus.ask(d.number(), Buffer.buffer("who"))));
      d.members.merge();
      until("it is reached again", () -> !failed(a.bus.ask(d.number(), Buffer.buffer("who"))));
      long frames = d.ledger.figures().frames();
      a.bus.send(d.number(), Ledger.frame(1, 1, 64));
      until("frames arrive once", () -> d.ledger.figures().frames() == frames + 1);
    } finally {
      d.close();
    }
  }

  @Test
  void a_merge_loses_nothing_under_way_without_a_word() {
    PeerNode d = PeerNode.start(LIMITS, a.port());
    try {
      until("b knows it", () -> b.members.nodes().size() == 4);
      for (int i = 1; i <= 20_000; i++) {
        until("there is room", () -> waiting(b) < LIMITS.queueBytes() / 2);
        b.bus.send(d.number(), Ledger.frame(9, i, 64));
        if (i % 5_000 == 0) {
          d.members.merge();
        }
      }
      until(
          "all came, or it was told that not",
          () -> d.ledger.figures().frames() == 20_000 || d.ledger.figures().overruns() > 0);
      assertThat(d.ledger.figures().disorder()).isZero();
      assertThat(d.ledger.figures().silent()).isZero();
    } finally {
      d.close();
    }
  }

  private static boolean failed(Future<Buffer> answer) {
    until("there is an outcome", answer::isComplete);
    return answer.failed();
  }

  private static Throwable failure(Future<Buffer> answer) {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    answer.onFailure(failure::set);
    until("it fails", () -> failure.get() != null);
    return failure.get();
  }
}
