package im.parley.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.metrics.PeerMeters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Both ends of a way over a wire that loses what it is told to, on a clock of its own. */
class OutboundTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final PeerLimits LIMITS = PeerLimits.of(1 << 20);

  private final PeerMeters meters = new PeerMeters(new SimpleMeterRegistry());
  private final PeerQueue queue = new PeerQueue(LIMITS.queueBytes());
  private Inbound in = new Inbound();
  private final Deque<Buffer> wire = new ArrayDeque<>();
  private final List<String> taken = new ArrayList<>();
  private final Outbound out = new Outbound(queue, LIMITS, meters, this::next, new ToWire());
  private long streams;
  private long now;
  private int sent;

  @Test
  void frames_arrive_once_and_in_order() {
    send(1_000);
    settle();
    assertThat(taken).hasSize(1_000).startsWith("1", "2").endsWith("1000");
    assertThat(out.bytesOnTheirWay()).isZero();
  }

  @Test
  void nothing_follows_an_opening_that_was_not_answered() {
    send(10);
    out.flush(now);
    send(10);
    out.flush(now);
    assertThat(kinds()).containsExactly(BatchHeader.Kind.OPEN);
    wire.clear();
    now += SECOND;
    out.tick(now);
    assertThat(kinds()).containsExactly(BatchHeader.Kind.OPEN);
    settle();
    assertThat(taken).hasSize(20).doesNotContain("overrun");
  }

  @Test
  void a_batch_that_was_lost_is_told_and_what_follows_it_is_not_delivered_before() {
    send(1);
    settle();
    send(1);
    out.flush(now);
    wire.clear();
    send(1);
    settle();
    send(1);
    settle();
    assertThat(taken).containsExactly("1", "overrun", "4");
  }

  @Test
  void the_loss_of_the_last_batch_is_found_by_a_probe() {
    send(1);
    settle();
    send(1);
    out.flush(now);
    wire.clear();
    assertThat(taken).containsExactly("1");
    now += SECOND;
    out.tick(now);
    settle();
    assertThat(taken).containsExactly("1", "overrun");
    assertThat(out.bytesOnTheirWay()).isZero();
  }

  @Test
  void a_pause_of_the_receiver_is_no_loss() {
    send(1);
    settle();
    send(100);
    out.flush(now);
    for (int i = 0; i < 60; i++) {
      now += SECOND;
      out.tick(now);
    }
    settle();
    assertThat(taken).hasSize(101).doesNotContain("overrun");
  }

  @Test
  void what_is_on_its_way_is_bounded_in_bytes_and_in_batches() {
    send(1);
    settle();
    wire.clear();
    for (int i = 0; i < 1_000; i++) {
      send(1);
      out.flush(now);
    }
    assertThat(wire).hasSize(LIMITS.windowBatches());
    settle();
    for (int i = 0; i < 8; i++) {
      queue.offer(Frame.plain(Buffer.buffer(new byte[700_000])));
      out.flush(now);
    }
    assertThat(out.bytesOnTheirWay()).isBetween(5 * 700_000L, LIMITS.windowBytes());
    assertThat(queue.bytes()).isBetween(700_000L, LIMITS.queueBytes());
  }

  @Test
  void a_receiver_that_forgot_the_stream_is_told_of_a_loss() {
    send(1);
    settle();
    in = new Inbound();
    send(1);
    settle();
    send(1);
    settle();
    assertThat(taken).containsExactly("1", "overrun", "3");
  }

  @Test
  void over_any_wire_nothing_comes_twice_or_late_or_is_missing_without_a_word() {
    for (int seed = 0; seed < 200; seed++) {
      new OutboundTest().losing(new Random(seed));
    }
  }

  private void losing(Random random) {
    for (int round = 0; round < 200; round++) {
      send(random.nextInt(20));
      out.flush(now);
      now += random.nextInt((int) (SECOND / 2));
      out.tick(now);
      while (!wire.isEmpty() && random.nextInt(10) > 0) {
        Buffer arriving = wire.poll();
        if (random.nextInt(8) > 0) {
          arrive(arriving, random.nextInt(8) > 0);
        }
        if (random.nextInt(20) == 0) {
          arrive(arriving, true); // no wire does so, but if one did
        }
      }
    }
    for (int i = 0; i < 10; i++) {
      settle();
      now += SECOND;
      out.tick(now);
    }
    int last = 0;
    boolean told = false;
    for (String each : taken) {
      if (each.equals("overrun")) {
        told = true;
        continue;
      }
      int number = Integer.parseInt(each);
      assertThat(number).isGreaterThan(last);
      assertThat(number == last + 1 || told).as("a hole before " + number).isTrue();
      last = number;
      told = false;
    }
    assertThat(last == sent || told).as("a hole at the end").isTrue();
  }

  private long next() {
    return ++streams;
  }

  private void send(int frames) {
    for (int i = 0; i < frames; i++) {
      queue.offer(Frame.plain(Buffer.buffer(Integer.toString(++sent))));
    }
  }

  private void settle() {
    do {
      while (!wire.isEmpty()) {
        arrive(wire.poll(), true);
      }
    } while (out.flush(now) || !wire.isEmpty());
  }

  private List<BatchHeader.Kind> kinds() {
    return wire.stream().map(each -> BatchHeader.read(each).kind()).toList();
  }

  /** As {@link Peer} does at the other end. */
  private void arrive(Buffer buffer, boolean answered) {
    BatchHeader header = BatchHeader.read(buffer);
    boolean refused = false;
    switch (header.kind()) {
      case OPEN, REOPEN -> {
        Inbound.Opening opening = in.open(header.stream());
        if (opening != Inbound.Opening.KNOWN && header.kind() == BatchHeader.Kind.REOPEN) {
          taken.add("overrun");
        }
      }
      case BATCH -> {
        Inbound.Verdict verdict = in.batch(header.stream(), header.number(), buffer.length());
        refused = verdict == Inbound.Verdict.REFUSE;
        if (verdict == Inbound.Verdict.TAKE) {
          Batch.frames(header, buffer).forEach(this::take);
        }
      }
      case PROBE -> refused = in.probe(header.stream(), header.number()) == Inbound.Verdict.REFUSE;
      default -> throw new AssertionError(header);
    }
    if (!answered) {
      return;
    }
    if (refused) {
      out.refused(header.stream(), now);
    } else {
      out.acknowledged(in.stream(), in.last(), now);
    }
  }

  private void take(Frame frame) {
    taken.add(frame.kind() == Frame.Kind.OVERRUN ? "overrun" : frame.payload().toString());
  }

  private final class ToWire implements Outbound.Wire {
    @Override
    public Batch batch(long stream, long number, int bytes) {
      return new Batch(header(BatchHeader.Kind.BATCH, stream, number), bytes);
    }

    @Override
    public void send(Batch batch) {
      wire.add(batch.finished());
    }

    @Override
    public void send(BatchHeader.Kind kind, long stream, long number) {
      wire.add(header(kind, stream, number).buffer(BatchHeader.LENGTH));
    }

    private BatchHeader header(BatchHeader.Kind kind, long stream, long number) {
      return new BatchHeader(kind, 7, stream, number, 0, 0, 0);
    }
  }
}
