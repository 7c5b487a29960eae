package im.parley.store.sqlite;

import static im.parley.store.StoreContract.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.parley.config.StoreConfig;
import im.parley.store.Appended;
import im.parley.store.Draft;
import im.parley.store.LogPage;
import im.parley.store.StoreUnusable;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of a store that is being written. */
class SqliteBackupIT {
  @TempDir Path directory;
  private Path data;
  private SqliteStore store;

  @BeforeEach
  void open() {
    data = directory.resolve("data");
    store = open(data);
  }

  @AfterEach
  void close() {
    await(store.close());
  }

  @Test
  void a_backup_taken_while_writing_is_a_complete_prefix_and_opens_in_a_new_epoch()
      throws Exception {
    AtomicLong acked = new AtomicLong();
    AtomicBoolean enough = new AtomicBoolean();
    Thread caller = new Thread(() -> write(acked, enough));
    caller.start();
    long before;
    long after;
    Path backup = directory.resolve("copy.db");
    try {
      waitFor(acked, 2_000);
      before = acked.get();
      SqliteBackup.run(data, backup);
      after = acked.get();
      waitFor(acked, after + 500);
    } finally {
      enough.set(true);
      caller.join();
    }

    LogPage original = await(store.messages().readAfter("r:1", 0, Integer.MAX_VALUE - 1));
    LogPage copy = restoredPage(backup);
    assertThat(copy.head()).isGreaterThanOrEqualTo(before).isLessThan(original.head());
    assertThat(copy.messages()).hasSize((int) copy.head());
    assertThat(copy.epoch()).isNotEqualTo(original.epoch());
    for (int i = 0; i < copy.messages().size(); i++) {
      assertThat(copy.messages().get(i).offset()).isEqualTo(i + 1L);
      assertThat(copy.messages().get(i).cid()).isEqualTo(original.messages().get(i).cid());
    }
  }

  @Test
  void a_restored_backup_draws_its_epoch_once() throws IOException {
    await(append(1));
    Path backup = directory.resolve("copy.db");
    SqliteBackup.run(data, backup);

    String first = restoredPage(backup).epoch();
    SqliteStore again = open(directory.resolve("restored"));
    String second = await(again.messages().readAfter("r:1", 0, 1)).epoch();
    assertThat(await(again.messages().append(draft(1))).duplicate()).isTrue();
    await(again.close());

    assertThat(second).isEqualTo(first);
  }

  @Test
  void a_backup_overwrites_nothing() throws IOException {
    Path target = Files.writeString(directory.resolve("there"), "precious");

    assertThatThrownBy(() -> SqliteBackup.run(data, target))
        .isInstanceOf(StoreUnusable.class)
        .hasMessageContaining("exists");
    assertThat(target).hasContent("precious");
  }

  @Test
  void a_backup_of_nothing_or_to_nowhere_is_refused() throws IOException {
    assertThatThrownBy(
            () -> SqliteBackup.run(directory.resolve("none"), directory.resolve("copy.db")))
        .isInstanceOf(StoreUnusable.class)
        .hasMessageContaining("there is no store");
    assertThatThrownBy(() -> SqliteBackup.run(data, directory.resolve("no/such/copy.db")))
        .isInstanceOf(StoreUnusable.class)
        .hasMessageContaining("nothing was kept");
    assertThat(directory.resolve("copy.db")).doesNotExist();
  }

  @Test
  void a_backup_beside_another_stores_log_is_refused() throws IOException {
    await(append(1));
    Path restored = Files.createDirectory(directory.resolve("restored"));
    SqliteBackup.run(data, restored.resolve(DataDirectory.DATABASE));
    Files.writeString(restored.resolve(DataDirectory.DATABASE + "-wal"), "of another store");

    assertThatThrownBy(() -> open(restored))
        .isInstanceOf(StoreUnusable.class)
        .hasMessageContaining("write-ahead log of another store");
  }

  private LogPage restoredPage(Path backup) throws IOException {
    Path restored = Files.createDirectory(directory.resolve("restored"));
    Files.copy(backup, restored.resolve(DataDirectory.DATABASE));
    SqliteStore copy = open(restored);
    LogPage page = await(copy.messages().readAfter("r:1", 0, Integer.MAX_VALUE - 1));
    await(copy.close());
    return page;
  }

  private void write(AtomicLong acked, AtomicBoolean enough) {
    Semaphore inFlight = new Semaphore(100);
    for (int n = 1; !enough.get(); n++) {
      inFlight.acquireUninterruptibly();
      append(n)
          .onComplete(
              done -> {
                acked.addAndGet(done.succeeded() ? 1 : 0);
                inFlight.release();
              });
    }
    inFlight.acquireUninterruptibly(100);
  }

  private static void waitFor(AtomicLong acked, long count) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (acked.get() < count) {
      assertThat(System.nanoTime()).as("only %s acknowledged", acked).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private Future<Appended> append(int n) {
    return store.messages().append(draft(n));
  }

  private static Draft draft(int n) {
    return new Draft(
        "id" + n, "r:1", List.of(), "ann", "web", n, "c" + n, "text", "{\"msg\":\"" + n + "\"}");
  }

  private static SqliteStore open(Path data) {
    return SqliteStore.open(
        new StoreConfig("sqlite", data, 1_000, 1, Duration.ZERO, 0), Clock.systemUTC());
  }
}
