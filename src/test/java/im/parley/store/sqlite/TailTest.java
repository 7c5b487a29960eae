package im.parley.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.store.Draft;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When and in what order the newest messages are moved to their places. */
class TailTest {
  private static final int GENERATION = 65_536;
  private static final int GROUP = 1_024;
  private static final int SLICE = 256;
  private static final int LARGEST_SLICE = 4_096;
  private static final int LOGS = 50;
  private static final String PLACED = "SELECT COUNT(*) FROM message";

  @TempDir Path directory;
  private final TailLogs logs = new TailLogs();
  private final CidKeys keys = new CidKeys(1, 2);
  private Sql sql;
  private Tail tail;
  private int appended;
  private long now = 1;
  private boolean checkpointing;

  @BeforeEach
  void open() throws SQLException {
    Path database = directory.resolve(DataDirectory.DATABASE);
    Schema.prepare(database);
    sql = Sql.writer(database, 16_000);
    tail =
        new Tail(
            logs,
            connection -> Journal.open(database, 1, connection),
            () -> checkpointing,
            () -> now);
    tail.load(sql);
  }

  @AfterEach
  void close() throws SQLException {
    tail.forget();
    sql.close();
  }

  @Test
  void nothing_is_moved_before_a_generation_is_full() throws SQLException {
    append(GENERATION - 1);
    assertThat(tail.dueInMs()).isEqualTo(5_000);
    append(1);
    assertThat(tail.dueInMs()).isZero();
  }

  @Test
  void what_is_old_is_moved_in_one_slice_when_it_is_little() throws SQLException {
    append(10);
    passMs(5_000);
    chore(); // the next generation begins
    chore();

    assertThat(placed()).isEqualTo(10);
    assertThat(tail.mustLast()).isTrue();
  }

  @Test
  void moving_pauses_between_slices_while_little_comes_in() throws SQLException {
    append(GENERATION);
    chore();
    chore();

    assertThat(placed()).isEqualTo(SLICE);
    assertThat(tail.dueInMs()).isEqualTo(20);
    passMs(20);
    chore();
    assertThat(placed()).isEqualTo(2 * SLICE);
  }

  @Test
  void moving_keeps_ahead_of_the_largest_groups() throws SQLException {
    append(GENERATION);
    chore();

    for (int more = GROUP; placed() < GENERATION; more += GROUP) {
      append(GROUP);
      chore();
      assertThat(placed()).isGreaterThan(more);
    }
    assertThat(placed()).isEqualTo(GENERATION);
    assertThat(tail.mustLast()).isTrue();
  }

  @Test
  void moving_waits_for_a_checkpoint_but_not_when_the_next_generation_is_full()
      throws SQLException {
    append(GENERATION);
    checkpointing = true;
    chore();

    append(GENERATION - 1);
    assertThat(tail.dueInMs()).isEqualTo(5);
    append(1);
    chore();
    assertThat(placed()).isEqualTo(LARGEST_SLICE);
  }

  @Test
  void what_is_behind_catches_up_in_slices_of_limited_length() throws SQLException {
    append(GENERATION);
    chore();
    append(GENERATION);

    int slices = 0;
    for (long before = 0; placed() < GENERATION; before = placed(), slices++) {
      append(GROUP);
      chore();
      assertThat(placed() - before).isLessThanOrEqualTo(LARGEST_SLICE);
    }
    assertThat(slices).isEqualTo(GENERATION / LARGEST_SLICE);
  }

  @Test
  void the_logs_are_moved_one_after_the_other() throws SQLException {
    append(GENERATION);
    chore();
    chore();

    assertThat(sql.number("SELECT COUNT(DISTINCT conversation) FROM message", 0)).isOne();
    assertThat(sql.number("SELECT MAX(offset) FROM message", 0)).isEqualTo(SLICE);
    assertThat(logs.range("c0", 1, Long.MAX_VALUE).get(0).offset).isEqualTo(SLICE + 1);
    assertThat(logs.range("c1", 1, Long.MAX_VALUE)).hasSize(GENERATION / LOGS + 1);
  }

  private void append(int count) throws SQLException {
    for (int i = 0; i < count; i++, appended++) {
      int log = appended % LOGS;
      tail.append(log + 1, "c" + log, appended / LOGS + 1, message(appended));
    }
    tail.write();
    tail.committed();
  }

  private void passMs(long ms) {
    now += TimeUnit.MILLISECONDS.toNanos(ms);
  }

  /** One slice, which must be due, as the writer does it between two groups. */
  private void chore() throws SQLException {
    assertThat(tail.dueInMs()).isZero();
    sql.lazily(tail::run);
    tail.committed();
  }

  private long placed() throws SQLException {
    long count = sql.number(PLACED, 0);
    sql.release();
    return count;
  }

  private Append message(int n) {
    Draft draft =
        new Draft("id" + n, "c", List.of(), "u", "web", 1_000L + n, "cid" + n, "text", "{}");
    return new Append(draft, keys, (connection, append) -> null);
  }
}
