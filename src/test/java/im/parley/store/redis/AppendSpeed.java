package im.parley.store.redis;

import im.parley.store.Draft;
import im.parley.store.StoreContract;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures appends to a Redis of its own: {@code AppendSpeed <durability> <outstanding>
 * <messages>}. Prints the rate and how long an acknowledgement took.
 */
final class AppendSpeed {
  private static final int CONVERSATIONS = 1_000;
  private static final String TEXT = "{\"msg\":\"" + "x".repeat(60) + "\"}";

  private AppendSpeed() {}

  public static void main(String[] arguments) throws InterruptedException {
    String durability = arguments[0];
    int outstanding = Integer.parseInt(arguments[1]);
    int messages = Integer.parseInt(arguments[2]);
    String fsync = durability.equals("always") ? "always" : "everysec";
    String kept = durability.equals("memory") ? "no" : "yes";
    Vertx vertx = Vertx.vertx();
    try (RedisServer redis = new RedisServer("--appendonly", kept, "--appendfsync", fsync).start();
        RedisServer replica = new RedisServer("--replicaof", "127.0.0.1 " + redis.port()).start()) {
      Until.holds(
          "the replica is in step",
          () -> replica.cli("INFO", "replication").contains("master_link_status:up"));
      if (!durability.startsWith("replicated")) {
        replica.kill();
      }
      RedisStore store =
          RedisStore.open(
              vertx,
              RedisAwayIT.config(redis.url(), durability, Duration.ofSeconds(5)),
              Clock.systemUTC());
      run(store, "warm", outstanding, messages / 2);
      long before = used(redis);
      long start = System.nanoTime();
      long[] took = run(store, "run", outstanding, messages);
      double seconds = (System.nanoTime() - start) / 1e9;
      Arrays.sort(took);
      System.out.printf(
          "%s, %d outstanding: %.0f appends/s, p50 %.2f ms, p99 %.2f ms, %d bytes of redis a message, %.1f in a pipeline%n",
          durability,
          outstanding,
          messages / seconds,
          took[messages / 2] / 1e6,
          took[messages / 100 * 99] / 1e6,
          (used(redis) - before) / messages,
          (double) store.stats().grouped() / store.stats().groups());
      StoreContract.await(store.close());
    }
    StoreContract.await(vertx.close());
  }

  private static long[] run(RedisStore store, String name, int outstanding, int messages)
      throws InterruptedException {
    Semaphore free = new Semaphore(outstanding);
    long[] took = new long[messages];
    AtomicLong failed = new AtomicLong();
    for (int i = 0; i < messages; i++) {
      free.acquire();
      int number = i;
      String peer = "user" + i % CONVERSATIONS;
      long at = System.nanoTime();
      store
          .messages()
          .append(
              new Draft(
                  "01HZX3K4V5N6P7Q8R9S0" + i,
                  "direct:ann:" + peer,
                  List.of("ann", peer),
                  i % 2 == 0 ? "ann" : peer,
                  "web",
                  System.currentTimeMillis(),
                  name + "-6a7b8c9d-" + i,
                  "text",
                  TEXT))
          .onComplete(
              done -> {
                took[number] = System.nanoTime() - at;
                if (done.failed()) {
                  failed.incrementAndGet();
                }
                free.release();
              });
    }
    free.acquire(outstanding);
    if (failed.get() > 0) {
      throw new IllegalStateException(failed + " appends failed");
    }
    return took;
  }

  private static long used(RedisServer redis) {
    return redis
        .cli("INFO", "memory")
        .lines()
        .filter(line -> line.startsWith("used_memory:"))
        .mapToLong(line -> Long.parseLong(line.substring("used_memory:".length()).strip()))
        .findFirst()
        .orElseThrow();
  }
}
