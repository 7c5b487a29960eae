package im.parley.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.EvictionConfig;
import com.hazelcast.config.EvictionPolicy;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MaxSizePolicy;
import com.hazelcast.config.NearCacheConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import im.parley.testing.ChildJvm;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Measures the directory between two members in one process: {@code DirectorySpeed <topics>}. Bytes
 * are of the live heap after a full collection; give it {@code
 * -Djava.util.concurrent.ForkJoinPool.common.parallelism=4}, without which Hazelcast's answers each
 * take a thread.
 */
final class DirectorySpeed {
  private static final String NEAR = "near";
  private static final int HOT = 50_000;
  private static final int WINDOW = 1_024;

  private DirectorySpeed() {}

  private record Member(HazelcastInstance hazelcast, HazelcastDirectory directory) {}

  public static void main(String[] arguments) throws Exception {
    int topics = Integer.parseInt(arguments[0]);
    Member one = member(DirectoryMember.config());
    int port = one.hazelcast().getCluster().getLocalMember().getAddress().getPort();
    Member two = member(DirectoryMember.config("127.0.0.1:" + port));
    String[] topic = new String[topics];
    for (int i = 0; i < topics; i++) {
      topic[i] = "user:" + i;
    }
    register(one, topic, "warm");
    unregister(one, topic);

    long before = live();
    register(one, topic, "run");
    System.out.printf("%d bytes an entry with its backup%n", (live() - before) / topics);

    misses(one, topic); // warm
    before = live();
    misses(two, topic);
    System.out.printf(
        "%d bytes a remembered topic (%d)%n",
        (live() - before) / two.directory().readings().cached(),
        two.directory().readings().cached());
    hits("own cache, known()", i -> two.directory().known(topic[i]));
    churn(one, two, topic);

    IMap<String, long[]> near = two.hazelcast().getMap(NEAR);
    long[] value = {1};
    window(HOT, i -> near.setAsync(topic[i], value));
    before = live();
    window(HOT, i -> near.getAsync(topic[i]));
    long remembered = near.getLocalMapStats().getNearCacheStats().getOwnedEntryCount();
    System.out.printf(
        "Hazelcast's: %d bytes each (%d)%n", (live() - before) / remembered, remembered);
    hits("Hazelcast's near cache, get()", i -> near.get(topic[i]));
    hits("Hazelcast's near cache, getAsync()", i -> near.getAsync(topic[i]));

    kill(one, topics);

    long[] self = one.hazelcast().<String, long[]>getMap(HazelcastDirectory.MAP).get(topic[0]);
    long cpu = cpu();
    long start = System.nanoTime();
    two.hazelcast()
        .<String, long[]>getMap(HazelcastDirectory.MAP)
        .executeOnEntries(new RemoveNodes(self), NamesAny.of(self));
    System.out.printf(
        "%d entries removed by predicate in %.2f s, %.2f s of CPU%n",
        topics, seconds(start), (cpu() - cpu) / 1e9);
    two.hazelcast().getLifecycleService().terminate();
    one.hazelcast().getLifecycleService().terminate();
    System.exit(0); // Hazelcast's threads may linger
  }

  private static Member member(Config config) {
    config.addMapConfig(
        new MapConfig(NEAR)
            .setNearCacheConfig(
                new NearCacheConfig()
                    .setCacheLocalEntries(true)
                    .setSerializeKeys(false)
                    .setInMemoryFormat(InMemoryFormat.OBJECT)
                    .setEvictionConfig(
                        new EvictionConfig()
                            .setEvictionPolicy(EvictionPolicy.LRU)
                            .setMaxSizePolicy(MaxSizePolicy.ENTRY_COUNT)
                            .setSize(100_000))));
    config.setProperty("hazelcast.map.invalidation.batch.enabled", "false");
    HazelcastInstance hazelcast = Hazelcast.newHazelcastInstance(config);
    HazelcastDirectory directory =
        HazelcastDirectory.open(
            hazelcast,
            new AttributeMembership(hazelcast),
            DirectoryOptions.standard(Duration.ofHours(1)));
    return new Member(hazelcast, directory);
  }

  private static void register(Member member, String[] topics, String run) {
    long cpu = cpu();
    long start = System.nanoTime();
    for (String topic : topics) {
      member.directory().register(topic);
    }
    double called = seconds(start);
    settle(member);
    System.out.printf(
        "%s: %,.0f registrations/s, %.1f us of CPU each; the caller was done after %.2f of %.2f s%n",
        run,
        topics.length / seconds(start),
        (cpu() - cpu) / 1e3 / topics.length,
        called,
        seconds(start));
  }

  private static void unregister(Member member, String[] topics) {
    long start = System.nanoTime();
    for (String topic : topics) {
      member.directory().unregister(topic);
    }
    settle(member);
    System.out.printf("%,.0f unregistrations/s%n", topics.length / seconds(start));
  }

  private static void misses(Member member, String[] topics) throws InterruptedException {
    int count = Math.min(HOT, topics.length);
    long cpu = cpu();
    long start = System.nanoTime();
    window(count, i -> member.directory().nodes(topics[i]).toCompletionStage());
    System.out.printf(
        "%,.0f questions/s, %d at a time, %.1f us of CPU each%n",
        count / seconds(start), WINDOW, (cpu() - cpu) / 1e3 / count);
  }

  private static void hits(String what, IntConsumer read) {
    int rounds = 100;
    for (int i = 0; i < rounds * HOT; i++) {
      read.accept(i % HOT);
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = threads.getCurrentThreadAllocatedBytes();
    long cpu = threads.getCurrentThreadCpuTime();
    for (int i = 0; i < rounds * HOT; i++) {
      read.accept(i % HOT);
    }
    cpu = threads.getCurrentThreadCpuTime() - cpu;
    allocated = threads.getCurrentThreadAllocatedBytes() - allocated;
    System.out.printf(
        "%s: %d ns of CPU, %.1f bytes allocated a call%n",
        what, cpu / rounds / HOT, (double) allocated / rounds / HOT);
  }

  /** What changes elsewhere cost a member that remembers none of the topics: events. */
  private static void churn(Member one, Member two, String[] topics) {
    register(two, topics, "second node of each topic, with an event to both");
    unregister(two, topics);
  }

  private static void window(int count, Asking ask) throws InterruptedException {
    Semaphore free = new Semaphore(WINDOW);
    for (int i = 0; i < count; i++) {
      free.acquire();
      ask.ask(i).whenCompleteAsync((done, failure) -> free.release(), Runnable::run);
    }
    free.acquire(WINDOW);
  }

  private interface Asking {
    CompletionStage<?> ask(int i);
  }

  /** A third member with 15,000 topics of its own, killed. */
  private static void kill(Member one, int topics) throws Exception {
    int port = one.hazelcast().getCluster().getLocalMember().getAddress().getPort();
    IMap<String, long[]> map = one.hazelcast().getMap(HazelcastDirectory.MAP);
    try (ChildJvm child =
        ChildJvm.start(
            DirectoryProcess.class,
            Path.of("."),
            Map.of(),
            "127.0.0.1:" + port,
            "killed:",
            "15000")) {
      child.awaitLine("number ");
      while (!one.hazelcast().getPartitionService().isClusterSafe()) {
        LockSupport.parkNanos(10_000_000);
      }
      int before = map.size();
      long start = System.nanoTime();
      child.signal("KILL");
      while (one.hazelcast().getCluster().getMembers().size() > 2) {
        LockSupport.parkNanos(1_000_000);
      }
      double known = seconds(start);
      while (map.size() > topics) {
        LockSupport.parkNanos(1_000_000);
      }
      System.out.printf(
          "kill -9 of a member with %d topics: gone after %.2f s, its routes after %.2f s%n",
          before - topics, known, seconds(start));
    }
  }

  private static void settle(Member member) {
    while (member.directory().readings().pending() > 0) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Of this process, so that busy neighbours do not count. */
  private static long cpu() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static long live() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
