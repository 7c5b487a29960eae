package im.parley.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where the logs live.
 *
 * @param url {@code sqlite}
 * @param data directory of the embedded store
 * @param queue appends that wait for the disk; beyond it a send is answered BUSY
 * @param readers threads that read
 * @param retentionAge messages older than this are trimmed; zero keeps all
 * @param retentionCount messages kept per conversation; zero keeps all
 */
public record StoreConfig(
    String url, Path data, int queue, int readers, Duration retentionAge, long retentionCount) {

  public StoreConfig {
    Rules.require(
        !url.startsWith("redis://") && !url.startsWith("rediss://"),
        "store",
        url,
        "sqlite; redis:// comes with clustering, which is not in this version");
    Rules.require(url.equals("sqlite"), "store", url, "sqlite");
    Rules.require(!data.toString().isEmpty(), "data", data, "a directory");
    Rules.between("store.queue", queue, 1, 10_000_000);
    Rules.between("store.readers", readers, 1, 64);
    Rules.between("store.retention-age", retentionAge, Duration.ZERO, Duration.ofDays(36_500));
    Rules.between("store.retention-count", retentionCount, 0, Long.MAX_VALUE);
  }

  static StoreConfig from(Reading reading) {
    return new StoreConfig(
        reading.text("store"),
        reading.path("data"),
        reading.number("store.queue"),
        reading.number("store.readers"),
        reading.duration("store.retention-age"),
        reading.longNumber("store.retention-count"));
  }
}
