package im.parley.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the logs live.
 *
 * @param url {@code sqlite}, or the address of Redis, several for a Redis Cluster
 * @param data directory of the embedded store
 * @param queue appends that wait for the store; beyond it a send is answered BUSY
 * @param readers threads that read the embedded store
 * @param retentionAge messages older than this are trimmed; zero keeps all
 * @param retentionCount messages kept per conversation; zero keeps all
 * @param redis how the Redis store works
 */
public record StoreConfig(
    String url,
    Path data,
    int queue,
    int readers,
    Duration retentionAge,
    long retentionCount,
    RedisConfig redis) {
  private static final String EMBEDDED = "sqlite";
  private static final Pattern REDIS =
      Pattern.compile(
          "rediss?://([^@/,\\s]*@)?(\\[[0-9a-fA-F:]+]|[^@/:,\\s]+)(:\\d{1,5})?(/\\d{1,5})?");

  public StoreConfig {
    for (String address : url.split(",", -1)) {
      Rules.require(
          url.equals(EMBEDDED) || REDIS.matcher(address.strip()).matches(),
          "store",
          url,
          "sqlite or redis://[user:password@]host:port[/db], comma separated for a Redis Cluster");
    }
    Rules.require(!data.toString().isEmpty(), "data", data, "a directory");
    Rules.between("store.queue", queue, 1, 10_000_000);
    Rules.between("store.readers", readers, 1, 64);
    Rules.between("store.retention-age", retentionAge, Duration.ZERO, Duration.ofDays(36_500));
    Rules.between("store.retention-count", retentionCount, 0, Long.MAX_VALUE);
  }

  /** With the standard settings of the Redis store. */
  public StoreConfig(
      String url, Path data, int queue, int readers, Duration retentionAge, long retentionCount) {
    this(url, data, queue, readers, retentionAge, retentionCount, RedisConfig.STANDARD);
  }

  /** Whether the logs live in Redis. */
  public boolean isRedis() {
    return !url.equals(EMBEDDED);
  }

  /** The addresses of Redis. */
  public List<String> addresses() {
    return Stream.of(url.split(",")).map(String::strip).toList();
  }

  @Override
  public String toString() {
    return "StoreConfig[%s, %s, queue %d, readers %d, age %s, count %d, %s]"
        .formatted(
            ConfigKey.masked(url), data, queue, readers, retentionAge, retentionCount, redis);
  }

  static StoreConfig from(Reading reading) {
    return new StoreConfig(
        reading.text("store"),
        reading.path("data"),
        reading.number("store.queue"),
        reading.number("store.readers"),
        reading.duration("store.retention-age"),
        reading.longNumber("store.retention-count"),
        RedisConfig.from(reading));
  }
}
