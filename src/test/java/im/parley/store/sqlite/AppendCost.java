package im.parley.store.sqlite;

import com.sun.management.ThreadMXBean;
import im.parley.config.StoreConfig;
import im.parley.store.Draft;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;

/**
 * What appends cost, by thread, measured by hand: {@code AppendCost [directory] [conversations]
 * [appends in flight] [appends in a round]}. Processor time moves little with what else the machine
 * does, unlike the rate beside it.
 */
final class AppendCost {
  private static final int ROUNDS = 5;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private AppendCost() {}

  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createTempDirectory(Path.of(arguments[0]), "append");
    int conversations = Integer.parseInt(arguments[1]);
    int inFlight = Integer.parseInt(arguments[2]);
    int appends = Integer.parseInt(arguments[3]);
    StoreConfig config = new StoreConfig("sqlite", directory, 65_536, 1, Duration.ZERO, 0);
    SqliteStore store = SqliteStore.open(config, Clock.systemUTC());
    for (int round = 0; round < ROUNDS; round++) {
      Map<String, long[]> before = costs();
      StoreMetrics groups = store.stats();
      long collecting = collecting();
      long written = written();
      long start = System.nanoTime();
      append(store, conversations, inFlight, appends, round);
      double seconds = (System.nanoTime() - start) / 1e9;
      StoreMetrics after = store.stats();
      long count = after.groups() - groups.groups();
      System.out.printf(
          "%d/s, %.1f in a group, commit %.0f us, written %d B each, collections %d ms%n",
          (long) (appends / seconds),
          1.0 * appends / count,
          (after.commitNanos() - groups.commitNanos()) / 1e3 / count,
          (written() - written) / appends,
          collecting() - collecting);
      costs()
          .forEach(
              (thread, cost) -> {
                long[] was = before.getOrDefault(thread, new long[2]);
                double micros = (cost[0] - was[0]) / 1e3 / appends;
                if (micros > 0.1) {
                  System.out.printf(
                      "  %-20s %5.2f us %6d B%n", thread, micros, (cost[1] - was[1]) / appends);
                }
              });
    }
    store.close().toCompletionStage().toCompletableFuture().join();
  }

  private static void append(
      SqliteStore store, int conversations, int inFlight, int appends, int round)
      throws InterruptedException {
    Semaphore room = new Semaphore(inFlight);
    for (int i = 0; i < appends; i++) {
      room.acquire();
      int pair = (int) (i * 2_654_435_761L % conversations);
      String from = "u" + 2 * pair;
      String to = "u" + (2 * pair + 1);
      String cid = round + "-" + i;
      store
          .messages()
          .append(
              new Draft(
                  "01JD" + round + "XXXXXXXXXXXX" + (10_000_000 + i),
                  "direct:" + from + ":" + to,
                  List.of(from, to),
                  from,
                  "web",
                  1_790_000_000_000L + i,
                  cid,
                  "text",
                  "{\"msg\":\"hello " + i + "\"}"))
          .onComplete(
              done -> {
                if (done.failed()) {
                  done.cause().printStackTrace();
                }
                room.release();
              });
    }
    room.acquire(inFlight);
  }

  private static Map<String, long[]> costs() {
    Map<String, long[]> costs = new TreeMap<>();
    for (long id : THREADS.getAllThreadIds()) {
      var info = THREADS.getThreadInfo(id);
      if (info != null) {
        costs.put(
            info.getThreadName(),
            new long[] {THREADS.getThreadCpuTime(id), THREADS.getThreadAllocatedBytes(id)});
      }
    }
    return costs;
  }

  private static long written() throws IOException {
    String line = Files.readAllLines(Path.of("/proc/self/io")).get(1);
    return Long.parseLong(line.substring("wchar: ".length()));
  }

  private static long collecting() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
        .sum();
  }
}
