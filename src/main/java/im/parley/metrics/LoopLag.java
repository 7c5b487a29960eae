package im.parley.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Measures how late each event loop runs a task that is due: the time that everything else waits
 * there too.
 */
public final class LoopLag implements AutoCloseable {
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final List<Future<?>> ticks;

  /** Starts a tick on each loop; its timer has the loop's place in the list as a tag. */
  public LoopLag(MeterRegistry registry, List<? extends EventExecutor> loops) {
    ticks =
        IntStream.range(0, loops.size())
            .<Future<?>>mapToObj(i -> start(loops.get(i), timer(registry, i)))
            .toList();
  }

  /** Stops the ticks. */
  @Override
  public void close() {
    ticks.forEach(tick -> tick.cancel(false));
  }

  private static Future<?> start(EventExecutor loop, Timer timer) {
    Tick tick = new Tick(timer, System.nanoTime() + TICK_NANOS);
    return loop.scheduleWithFixedDelay(tick, TICK_NANOS, TICK_NANOS, TimeUnit.NANOSECONDS);
  }

  private static Timer timer(MeterRegistry registry, int loop) {
    return Timer.builder("parley.loop.lag")
        .description("how late an event loop runs what is due")
        .tag("loop", Integer.toString(loop))
        .register(registry);
  }

  /** Event loop only. */
  private static final class Tick implements Runnable {
    private final Timer timer;
    private long due;

    Tick(Timer timer, long due) {
      this.timer = timer;
      this.due = due;
    }

    @Override
    public void run() {
      long now = System.nanoTime();
      timer.record(Math.max(0, now - due), TimeUnit.NANOSECONDS);
      due = now + TICK_NANOS;
    }
  }
}
