package im.parley.store.sqlite;

import static im.parley.store.StoreContract.await;
import static im.parley.store.StoreContract.offsets;
import static im.parley.store.StoreContract.range;
import static im.parley.store.StoreContract.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import im.parley.config.StoreConfig;
import im.parley.protocol.ErrorCode;
import im.parley.store.Appended;
import im.parley.store.Draft;
import im.parley.store.LogPage;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is really full: a small file system of its own. Needs the right to mount one. */
class FullDiskIT {
  private static final int ENOUGH_TO_FILL = 100_000;

  @TempDir Path directory;
  private boolean mounted;

  @BeforeEach
  void mount() throws Exception {
    mounted = run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", directory.toString());
    assumeTrue(mounted, "mounting a small file system is not permitted here");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(run("umount", directory.toString())).isTrue();
    }
  }

  @Test
  @Timeout(60)
  void a_full_disk_refuses_sends_serves_reads_and_recovers_by_itself() throws Exception {
    Path filler = directory.resolve("filler");
    SqliteStore store =
        SqliteStore.open(
            new StoreConfig("sqlite", directory, 1_000, 1, Duration.ZERO, 0), Clock.systemUTC());
    try {
      Files.write(filler, new byte[2 << 20]);
      long acked = appendUntilRefused(store);

      assertThat(store.health().writable()).isFalse();
      assertThat(store.health().readable()).isTrue();
      assertThat(store.health().detail()).contains("free space");
      LogPage page = await(store.messages().readAfter("r:1", 0, ENOUGH_TO_FILL));
      assertThat(offsets(page)).isEqualTo(range(1, acked));

      Files.delete(filler);
      waitUntilWritable(store);
      // The refused message itself can be sent again and takes the next place.
      assertThat(await(append(store, acked + 1)).message().offset()).isEqualTo(acked + 1);
      assertThat(offsets(await(store.messages().readAfter("r:1", 0, ENOUGH_TO_FILL))))
          .isEqualTo(range(1, acked + 1));
      assertThat(store.stats().unavailable()).isPositive();
    } finally {
      await(store.close());
    }
  }

  private static long appendUntilRefused(SqliteStore store) {
    for (long n = 1; n <= ENOUGH_TO_FILL; n++) {
      Future<Appended> one = append(store, n);
      if (await(one.map(true).otherwise(false))) {
        assertThat(one.result().message().offset()).isEqualTo(n);
      } else {
        assertThat(refusal(one)).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        return n - 1;
      }
    }
    throw new AssertionError("the disk never became full");
  }

  private static Future<Appended> append(SqliteStore store, long n) {
    String body = "{\"msg\":\"" + "x".repeat(500) + "\"}";
    return store
        .messages()
        .append(new Draft("id" + n, "r:1", List.of(), "ann", "web", n, "c" + n, "text", body));
  }

  private static void waitUntilWritable(SqliteStore store) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!store.health().writable()) {
      assertThat(System.nanoTime()).as("still unwritable: %s", store.health()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException noSuchCommand) {
      return false;
    }
  }
}
