package im.parley.cluster;

import static im.parley.testing.Waiting.await;

import com.sun.management.OperatingSystemMXBean;
import im.parley.testing.ChildJvm;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures the peer bus between two processes on the loopback: frames a second, CPU, questions, and
 * what a stopped node costs that stays a member. Prints rows of a Markdown table. Not a test.
 *
 * <p>{@code java -cp … im.parley.cluster.PeerBench [rounds] [seconds]}
 */
final class PeerBench {
  private static final long QUEUE = 8 << 20;
  private static final OperatingSystemMXBean OS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final PeerNode node;
  private final ChildJvm child;
  private final long other;
  private final long seconds;

  private PeerBench(PeerNode node, ChildJvm child, long other, long seconds) {
    this.node = node;
    this.child = child;
    this.other = other;
    this.seconds = seconds;
  }

  /** Runs all rounds; {@code args} are their number and the seconds of each measurement. */
  public static void main(String[] args) throws Exception {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
    long seconds = args.length > 1 ? Long.parseLong(args[1]) : 5;
    PeerNode node = PeerNode.start(PeerLimits.of(QUEUE), 0, null, 120);
    Path directory = Files.createTempDirectory("peer-bench");
    try (ChildJvm child = ChildJvm.start(Measured.class, directory, Map.of(), "" + node.port())) {
      long other = Long.parseLong(child.awaitLine("number ").substring("number ".length()));
      PeerBench bench = new PeerBench(node, child, other, seconds);
      bench.frames(64, 0); // warms both up
      for (int round = 0; round < rounds; round++) {
        for (int size : new int[] {64, 256, 1_024}) {
          bench.frames(size, 0);
        }
        bench.frames(256, 20_000);
        bench.questions(1);
        bench.questions(256);
      }
      bench.stopped(60);
    }
    Files.delete(directory);
    node.close();
  }

  /** As fast as there is room, or at {@code rate} a second. */
  private void frames(int size, int rate) {
    Usage before = usage();
    double batches = node.meters.batchesSent.count();
    long start = System.nanoTime();
    long end = start + TimeUnit.SECONDS.toNanos(seconds);
    Buffer frame = Buffer.buffer(new byte[size]);
    long sent = 0;
    while (System.nanoTime() < end) {
      long due = rate == 0 ? sent + 1_000 : (System.nanoTime() - start) * rate / 1_000_000_000;
      for (; sent < due; sent++) {
        node.bus.send(other, frame);
      }
      do {
        LockSupport.parkNanos(rate == 0 ? 50_000 : 1_000_000);
      } while (waiting() > QUEUE / 2);
    }
    Usage after = usage();
    double took = (System.nanoTime() - start) / 1e9;
    long frames = after.frames - before.frames;
    row(
        "%d B frames%s".formatted(size, rate == 0 ? ", as many as possible" : " at " + rate + "/s"),
        "%,.0f/s, %.0f in a batch; CPU a frame %.2f us sender, %.2f us receiver"
            .formatted(
                frames / took,
                frames / (node.meters.batchesSent.count() - batches),
                (after.own - before.own) / 1e3 / frames,
                (after.others - before.others) / 1e3 / frames));
    if (frames != sent) {
      row("", "lost " + (sent - frames));
    }
  }

  private void questions(int outstanding) throws InterruptedException {
    long[] latencies = new long[4_000_000];
    AtomicInteger answered = new AtomicInteger();
    Semaphore room = new Semaphore(outstanding);
    long start = System.nanoTime();
    long end = start + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < end) {
      room.acquire();
      long asked = System.nanoTime();
      node.bus
          .ask(other, Buffer.buffer("echo"))
          .onComplete(
              answer -> {
                latencies[answered.getAndIncrement()] = System.nanoTime() - asked;
                room.release();
              });
    }
    room.acquire(outstanding);
    int all = answered.get();
    double took = (System.nanoTime() - start) / 1e9;
    Arrays.sort(latencies, 0, all);
    row(
        "questions, %d outstanding".formatted(outstanding),
        "%,.0f/s; p50 %.0f us, p99 %.0f us"
            .formatted(all / took, latencies[all / 2] / 1e3, latencies[all * 99 / 100] / 1e3));
  }

  /** 20,000 frames a second of 256 bytes to a node that does not run. */
  private void stopped(int forSeconds) throws Exception {
    long heapBefore = heap();
    double droppedBefore = node.meters.dropped.count();
    child.signal("STOP");
    long start = System.nanoTime();
    long highest = 0;
    long sent = 0;
    for (int second = 1; second <= forSeconds; second++) {
      while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(second)) {
        for (long due = (System.nanoTime() - start) / 50_000; sent < due; sent++) {
          node.bus.send(other, Buffer.buffer(new byte[256]));
        }
        LockSupport.parkNanos(1_000_000);
      }
      highest = Math.max(highest, heap() - heapBefore);
    }
    row(
        "stopped for %d s at 20,000 frames/s of 256 B".formatted(forSeconds),
        "%.1f MB of the sender's heap at most; %,.0f of %,d frames dropped"
            .formatted(highest / 1e6, node.meters.dropped.count() - droppedBefore, sent));
    child.signal("CONT");
  }

  private record Usage(long frames, long own, long others) {}

  private Usage usage() {
    while (waiting() > 0) {
      Thread.onSpinWait();
    }
    Future<Buffer> asked = node.bus.ask(other, Buffer.buffer("usage"));
    JsonObject answer = await(asked).toJsonObject();
    return new Usage(answer.getLong("frames"), OS.getProcessCpuTime(), answer.getLong("cpu"));
  }

  private static long heap() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private double waiting() {
    return node.registry.get("parley.peer.waiting.bytes").gauge().value();
  }

  private static void row(String what, String result) {
    System.out.println("| " + what + " | " + result + " |");
  }

  /** The other node: counts frames, echoes, and says what CPU it took. */
  static final class Measured implements PeerBus.Receiver {
    private long frames;

    private Measured() {}

    /** Joins the port that is its argument. */
    public static void main(String[] args) throws InterruptedException {
      PeerNode node =
          PeerNode.start(PeerLimits.of(QUEUE), Integer.parseInt(args[0]), new Measured(), 120);
      System.out.println("number " + node.number());
      Thread.currentThread().join();
    }

    @Override
    public void received(long from, Buffer frame) {
      frames++;
    }

    @Override
    public Future<Buffer> asked(long from, Buffer question) {
      return Future.succeededFuture(
          question.length() == 4
              ? question
              : new JsonObject()
                  .put("frames", frames)
                  .put("cpu", OS.getProcessCpuTime())
                  .toBuffer());
    }

    @Override
    public void overrun(long from) {}
  }
}
