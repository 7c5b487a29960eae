package im.parley.loadtest.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * How steadily the machine itself runs while nothing else does: what a thread for each processor
 * gets done in each millisecond. A host that serves others too, or that keeps its guests to a
 * quota, takes processors away for a while, of which a guest's own figures tell little. No server's
 * tail is shorter than that.
 *
 * @param slow the share of milliseconds in which less than half the median was done
 * @param longestMs the most of them in a row
 */
record MachineStalls(double slow, int longestMs) {
  private static final int WARM_UP_MS = 1_000; // for the compilers
  private static final int STEPS = 1_000; // about a microsecond

  private static volatile long sink;

  /** Keeps all processors busy that long, and a second before. */
  static MachineStalls measure(Duration time) {
    int millis = WARM_UP_MS + (int) time.toMillis();
    long begin = System.nanoTime();
    List<CompletableFuture<int[]>> threads = new ArrayList<>();
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      threads.add(
          CompletableFuture.supplyAsync(
              () -> spin(begin, millis), task -> new Thread(task, "spinner").start()));
    }
    return of(
        threads.stream()
            .map(CompletableFuture::join)
            .map(done -> Arrays.copyOfRange(done, WARM_UP_MS, millis))
            .toList());
  }

  private static int[] spin(long begin, int millis) {
    int[] done = new int[millis];
    long x = 1;
    while (true) {
      for (int i = 0; i < STEPS; i++) {
        x = x * 31 + 7;
      }
      int at = (int) ((System.nanoTime() - begin) / 1_000_000);
      if (at >= millis) {
        sink = x;
        return done;
      }
      done[at]++;
    }
  }

  /** What was done in each millisecond, by thread. */
  static MachineStalls of(List<int[]> threads) {
    int all = 0;
    int slow = 0;
    int longest = 0;
    for (int[] done : threads) {
      int[] sorted = done.clone();
      Arrays.sort(sorted);
      int half = sorted[sorted.length / 2] / 2;
      int row = 0;
      for (int steps : done) {
        row = steps < half ? row + 1 : 0;
        slow += steps < half ? 1 : 0;
        longest = Math.max(longest, row);
      }
      all += done.length;
    }
    return new MachineStalls(slow / (double) all, longest);
  }
}
