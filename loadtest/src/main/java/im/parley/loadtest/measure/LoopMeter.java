package im.parley.loadtest.measure;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.Map;

/**
 * The measurements of one event loop, and of that loop itself: how busy its thread is and how late
 * it runs what is due. Event loop only.
 */
public final class LoopMeter {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  // Event loop only
  private Sample current = new Sample();
  private Sample next = new Sample();
  private final long[] counts = new long[Counter.values().length];
  private final Map<Long, Fanout> fanouts = new HashMap<>();
  private final long thread;
  private long cpuNanos;
  private long cpuAt;

  /** Made on the loop that it is for. */
  public LoopMeter() {
    thread = Thread.currentThread().getId();
    cpuAt = System.nanoTime();
    cpuNanos = THREADS.getThreadCpuTime(thread);
  }

  public void count(Counter counter) {
    counts[counter.ordinal()]++;
  }

  public void count(Counter counter, long n) {
    counts[counter.ordinal()] += n;
  }

  public void code(int code) {
    current.addCode(code, 1);
  }

  /** Records how long ago {@code sinceNanos} was. */
  public void record(Metric metric, long sinceNanos, long now) {
    current.histograms().record(metric, (now - sinceNanos) / 1000);
  }

  /** One more receiver has the message that was due at {@code sentNanos}. */
  public void fanout(long sentNanos, long now) {
    Fanout one = new Fanout(sentNanos, 1, now, now);
    fanouts.merge(sentNanos, one, Fanout::merge);
  }

  /**
   * What was measured since it was last taken. The caller's until it takes again: two samples serve
   * by turns, for to fill the memory of new histograms each second would stop the traffic.
   */
  public Sample take() {
    Sample taken = current;
    current = next;
    next = taken;
    current.clear();
    for (Counter counter : Counter.values()) {
      taken.add(counter, counts[counter.ordinal()]);
      counts[counter.ordinal()] = 0;
    }
    fanouts.values().forEach(taken::addFanout);
    fanouts.clear();
    long cpu = THREADS.getThreadCpuTime(thread);
    long now = System.nanoTime();
    taken.loopCpu().add(Math.min(1.0, (cpu - cpuNanos) / (double) Math.max(1, now - cpuAt)));
    cpuNanos = cpu;
    cpuAt = now;
    return taken;
  }
}
