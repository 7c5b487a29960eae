package im.parley.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When the write-ahead log is folded into the file, which is then as long as what was written. */
@Timeout(30)
class CheckpointerTest {
  private static final int ENOUGH = 1_024;

  @TempDir Path directory;
  private final AtomicLong commits = new AtomicLong();
  private final CountDownLatch looks = new CountDownLatch(2);
  private Path database;
  private Sql sql;
  private Checkpointer checkpointer;
  private long before;

  @BeforeEach
  void write() throws Exception {
    database = directory.resolve(DataDirectory.DATABASE);
    Schema.prepare(database);
    sql = Sql.writer(database, 16_000);
    sql.outsideTransaction("PRAGMA wal_checkpoint(TRUNCATE)");
    before = Files.size(database);
    sql.script("CREATE TABLE filler(bytes BLOB); INSERT INTO filler VALUES(zeroblob(1000000))");
    sql.commit();
    checkpointer = new Checkpointer(() -> Sql.writer(database, 16_000), this::look);
    assertThat(Files.size(database)).isEqualTo(before);
  }

  private long look() {
    looks.countDown();
    return commits.get();
  }

  @AfterEach
  void close() throws SQLException, InterruptedException {
    checkpointer.close();
    sql.close();
  }

  @Test
  void moved_messages_have_it_folded_in_as_soon_as_they_are_enough() throws Exception {
    checkpointer.placed(ENOUGH - 1);
    checkpointer.placed(1);
    checkpointer.start();
    awaitFolded();
  }

  @Test
  void a_commit_has_it_folded_in_after_a_while() throws Exception {
    checkpointer.placed(ENOUGH - 1);
    commits.set(1);
    checkpointer.start();
    awaitFolded();
  }

  @Test
  void too_few_messages_without_a_commit_leave_it_as_it_is() throws Exception {
    checkpointer.placed(ENOUGH - 1);
    checkpointer.start();
    looks.await(); // it asks once for each look: when it asks again, the first one has ended
    assertThat(Files.size(database)).isEqualTo(before);
  }

  private void awaitFolded() throws Exception {
    while (Files.size(database) == before || checkpointer.running()) {
      Thread.onSpinWait();
    }
    assertThat(Files.size(database)).isGreaterThan(before + 1_000_000);
  }
}
