package im.parley.loadtest.run;

import im.parley.loadtest.measure.PhaseTotals;
import im.parley.loadtest.measure.Sample;
import im.parley.loadtest.measure.Saturation;
import im.parley.loadtest.probe.ServerProbe;
import im.parley.loadtest.probe.Settled;
import im.parley.loadtest.scenario.Kind;
import im.parley.loadtest.scenario.Options;
import im.parley.loadtest.scenario.Phase;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Leads one run: starts the workers, has them enter each phase together, takes a sample of all
 * every second, and adds up. {@link #run()} belongs to one thread; {@link #interrupt()} may come
 * from any.
 */
public final class Coordinator {
  private static final long TICK_NANOS = 1_000_000_000;

  private final Kind kind;
  private final Options options;
  private final List<String> arguments;
  private final ServerProbe probe;
  private final boolean forceGc;
  private final Watcher watcher;
  private final CountDownLatch interrupted = new CountDownLatch(1);

  private final List<Worker> workers = new ArrayList<>();
  private final List<Tick> ticks = new ArrayList<>();
  private final List<PhaseTotals> phases = new ArrayList<>();
  private final List<Settled> settled = new ArrayList<>();
  private long begin;
  private long lastTick;
  private long ready;

  /**
   * @param arguments of this process, for worker processes
   * @param forceGc whether to settle the server's memory before and after the connects
   */
  public Coordinator(
      Kind kind, Options options, List<String> arguments, Probing probing, Watcher watcher) {
    this.kind = kind;
    this.options = options;
    this.arguments = arguments;
    this.probe = probing.probe();
    this.forceGc = probing.forceGc();
    this.watcher = watcher;
  }

  /**
   * How to look at the server.
   *
   * @param forceGc whether to settle its memory before and after the connects
   */
  public record Probing(ServerProbe probe, boolean forceGc) {
    public static final Probing NONE = new Probing(new ServerProbe(0, null), false);
  }

  /** Ends the run early; it reports what it has. */
  public void interrupt() {
    interrupted.countDown();
  }

  public RunResult run() {
    if (options.runId == null) {
      options.runId = Long.toString(System.nanoTime() & 0xFFFFFFL | 0x1000000L, 36);
    }
    Instant began = Instant.now();
    try {
      startWorkers();
      settle();
      begin = System.nanoTime();
      lastTick = begin;
      for (Phase phase : kind.phases(options)) {
        if (isInterrupted()) {
          break;
        }
        run(phase);
        if (phases.size() == 1) {
          if (ready == 0) {
            break;
          }
          settle();
        }
      }
      return result(began);
    } finally {
      workers.forEach(worker -> Waiting.on(worker.stop().otherwiseEmpty()));
    }
  }

  private void startWorkers() {
    for (int i = 0; i < options.workers; i++) {
      workers.add(
          Waiting.on(
              options.workers == 1
                  ? LocalWorker.start(WorkerPlan.of(kind, options, i))
                  : ChildWorker.start(i, options.runId, arguments)));
    }
  }

  private void settle() {
    if (forceGc) {
      settled.add(probe.settle(ready));
    }
  }

  private void run(Phase phase) {
    PhaseTotals totals = new PhaseTotals(phase.name(), phase.measured());
    // What came since the last phase ended is still of that phase.
    tick(phase, phases.isEmpty() ? totals : phases.get(phases.size() - 1), 0);
    phases.add(totals);
    long start = System.nanoTime();
    Future<?> done =
        Future.all(workers.stream().map(worker -> worker.enter(phase.name())).toList());
    long end = start + phase.length().toNanos();
    while (!isInterrupted()) {
      long now = System.nanoTime();
      if (done.isComplete() && now >= end) {
        break;
      }
      long next = lastTick + TICK_NANOS;
      await(done, now, phase.isTimed() ? Math.min(end, next) : next);
      now = System.nanoTime();
      totals.seconds((now - start) / 1e9);
      if (now >= next) {
        tick(phase, totals, (now - start) / 1e9);
      }
    }
    if (done.failed()) {
      throw new IllegalStateException("phase " + phase.name(), done.cause());
    }
    totals.seconds((System.nanoTime() - start) / 1e9);
    tick(phase, totals, totals.seconds());
    watcher.onPhaseEnd(totals);
  }

  /** Until the time, the end of an untimed phase, or an interruption. */
  private void await(Future<?> done, long now, long until) {
    long nanos = Math.max(1, until - now);
    try {
      if (done.isComplete()) {
        interrupted.await(nanos, TimeUnit.NANOSECONDS);
      } else {
        done.otherwiseEmpty()
            .toCompletionStage()
            .toCompletableFuture()
            .get(Math.min(nanos, TICK_NANOS / 10), TimeUnit.NANOSECONDS);
      }
    } catch (TimeoutException e) {
      // Time for the next tick.
    } catch (InterruptedException | ExecutionException e) {
      interrupt();
    }
  }

  private void tick(Phase phase, PhaseTotals totals, double since) {
    Sample sum =
        Sample.sumBeside(
            Waiting.on(Future.all(workers.stream().map(Worker::take).toList())).list());
    long now = System.nanoTime();
    double seconds = (now - lastTick) / 1e9;
    lastTick = now;
    ready = sum.ready();
    totals.add(sum, seconds);
    if (since > 0) {
      Tick tick =
          Tick.of(
              (now - begin) / 1e9,
              seconds,
              phase.name(),
              sum,
              probe.isPresent() ? probe.take() : null);
      ticks.add(tick);
      watcher.onTick(phase, since, tick, totals);
    }
  }

  private RunResult result(Instant began) {
    Saturation rule =
        new Saturation(
            Saturation.DEFAULT.loopCpu(),
            options.maxLag.toNanos() / 1000,
            Saturation.DEFAULT.lateShare());
    List<String> invalid = new ArrayList<>();
    phases.stream()
        .filter(PhaseTotals::measured)
        .forEach(phase -> invalid.addAll(rule.broken(phase)));
    return new RunResult(kind, options, began, ticks, phases, settled, invalid, isInterrupted());
  }

  private boolean isInterrupted() {
    return interrupted.getCount() == 0;
  }
}
