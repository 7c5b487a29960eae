package im.parley.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.protocol.Message;
import im.parley.store.Draft;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
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
  private int told;

  @BeforeEach
  void open() throws SQLException {
    Path database = directory.resolve(DataDirectory.DATABASE);
    Schema.prepare(database);
    sql = Sql.writer(database, 16_000);
    tail =
        new Tail(
            logs,
            connection -> Journal.open(database, 1, connection),
            new Tail.Checkpoints() {
              @Override
              public boolean running() {
                return checkpointing;
              }

              @Override
              public void placed(int messages) {
                told += messages;
              }
            },
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
    assertThat(told).isEqualTo(10);
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
  void moving_is_done_in_time_however_large_the_groups() throws SQLException {
    append(GENERATION);
    chore();

    int since = 0;
    while (placed() < GENERATION) {
      append(GROUP);
      since += GROUP;
      chore();
    }
    assertThat(since).isLessThanOrEqualTo(GENERATION);
    passMs(20);
    assertThat(tail.mustLast()).isTrue();
  }

  @Test
  void what_waited_for_a_checkpoint_is_caught_up_with_little_by_little() throws SQLException {
    append(GENERATION);
    chore();
    checkpointing = true;
    append(GENERATION / 20);
    assertThat(tail.dueInMs()).isEqualTo(5);
    checkpointing = false;

    int slices = 0;
    for (long before = 0; tail.dueInMs() == 0; before = placed(), slices++) {
      chore();
      assertThat(placed() - before).isBetween((long) SLICE, 3L * SLICE);
    }
    assertThat(placed()).isGreaterThanOrEqualTo(GENERATION / 15);
    assertThat(slices).isGreaterThan(10);
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
  }

  @Test
  void a_generation_is_read_from_memory_until_all_of_it_is_in_its_place() throws SQLException {
    append(1_000);
    passMs(5_000);
    chore(); // the next generation begins
    append(LOGS);
    while (!tail.mustLast()) {
      assertThat(offsets("c1")).containsExactlyElementsOf(upTo(1, 21));
      assertThat(logs.head("c1")).isEqualTo(21);
      passMs(20);
      chore();
    }
    assertThat(offsets("c1")).containsExactlyElementsOf(upTo(1, 21));

    passMs(20);
    chore();
    assertThat(placed()).isEqualTo(1_000);
    assertThat(offsets("c1")).containsExactly(21L);
    assertThat(logs.head("c1")).isEqualTo(21);
  }

  @Test
  void a_message_is_found_by_its_cid_in_both_generations() throws SQLException {
    append(1_000);
    passMs(5_000);
    chore(); // the next generation begins
    append(1);

    Append first = message(3);
    assertThat(tail.find(4, first.key, first.packed).offset).isEqualTo(1);
    Append last = message(1_000);
    assertThat(tail.find(1, last.key, last.packed).offset).isEqualTo(21);
    Append absent = message(1_001);
    assertThat(tail.find(2, absent.key, absent.packed)).isNull();
  }

  @Test
  void what_a_group_appends_is_counted_until_it_is_committed() throws SQLException {
    append(1_000);
    for (int i = 0; i < 3; i++) {
      tail.append(2, "c1", 21 + i, message(2_000 + i));
    }
    tail.append(3, "c2", 21, message(2_003));

    assertThat(tail.added(2)).isEqualTo(3);
    assertThat(tail.end("c1")).isEqualTo(23);
    assertThat(logs.head("c1")).as("for readers").isEqualTo(20);
    tail.write();
    tail.committed();
    assertThat(tail.added(2)).isZero();
    assertThat(logs.head("c1")).isEqualTo(23);
  }

  @Test
  void both_generations_come_back_from_the_journal() throws SQLException {
    makeConversations();
    append(GENERATION);
    chore();
    chore(); // the first slice
    append(LOGS);
    int all = appended / LOGS + 1;
    List<Long> before = offsets("c1");
    tail.forget();
    tail.load(sql);

    assertThat(offsets("c1")).isEqualTo(before).hasSize(all);
    assertThat(offsets("c0")).as("some are placed").hasSize(all - SLICE);
    assertThat(tail.end("c1")).isEqualTo(all);
    tail.moveAll(sql);
    sql.commit();
    tail.committed();
    assertThat(placed()).isEqualTo(appended);
    assertThat(offsets("c1")).isEmpty();
  }

  @Test
  void what_has_been_trimmed_is_not_read_though_memory_has_it() throws SQLException {
    makeConversations();
    append(10 * LOGS);
    passMs(5_000);
    chore(); // the next generation begins
    append(LOGS);
    while (!tail.mustLast()) {
      passMs(20);
      chore();
    }
    assertThat(offsets("c1")).as("in memory").hasSize(11);

    trim(4);
    assertThat(read()).containsExactlyElementsOf(upTo(5, 11));
    trim(10);
    assertThat(read()).containsExactly(11L);
  }

  @Test
  void the_last_message_is_none_when_it_has_been_trimmed_though_memory_has_it()
      throws SQLException {
    makeConversations();
    append(10 * LOGS);
    assertThat(last().offset()).as("in memory alone").isEqualTo(10);
    passMs(5_000);
    while (!tail.mustLast()) {
      chore();
      passMs(20);
    }
    assertThat(offsets("c1")).as("in memory").hasSize(10);

    trim(9);
    assertThat(last().offset()).isEqualTo(10);
    trim(10);
    assertThat(last()).isNull();
    append(LOGS);
    assertThat(last().offset()).isEqualTo(11);
  }

  /** The second log's, as a list of conversations tells it. */
  private Message last() throws SQLException {
    LogReader reader = new LogReader(logs, "e");
    List<Entry> inTail = reader.tail("c1", Long.MAX_VALUE);
    Message last = reader.last(sql, "c1", inTail, reader.span(sql, "c1", inTail));
    sql.release();
    return last;
  }

  private void trim(long upTo) throws SQLException {
    sql.update("DELETE FROM message WHERE conversation=2 AND offset<=?", upTo);
    sql.update("UPDATE conversation SET first=? WHERE id=2", upTo + 1);
    sql.commit();
  }

  /** What a client is given of the second log, from either end. */
  private List<Long> read() throws SQLException {
    LogReader reader = new LogReader(logs, "e");
    List<Message> after = reader.after(sql, "c1", 0, 100).messages();
    assertThat(reader.before(sql, "c1", Long.MAX_VALUE, 100).messages()).isEqualTo(after);
    sql.release();
    return after.stream().map(Message::offset).toList();
  }

  /**
   * A reader that looks while messages come and generations change misses none of those that were
   * committed before it looked.
   */
  @Test
  void a_reader_sees_no_hole_while_generations_turn() throws Exception {
    AtomicLong committed = new AtomicLong();
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService readers = Executors.newFixedThreadPool(2);
    try {
      List<Future<Integer>> looks = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        looks.add(
            readers.submit(
                () -> {
                  int seen = 0;
                  while (!done.get()) {
                    long least = committed.get();
                    List<Long> found = offsets("c0");
                    if (!found.isEmpty()) {
                      assertThat(found).isEqualTo(upTo(found.get(0), found.get(found.size() - 1)));
                      assertThat(found.get(found.size() - 1)).isGreaterThanOrEqualTo(least);
                      seen++;
                    }
                  }
                  return seen;
                }));
      }
      for (int i = 1; i <= 4_000; i++) {
        tail.append(1, "c0", i, message(i));
        tail.write();
        tail.committed();
        committed.set(i);
        if (i % 20 == 0) {
          passMs(5_000);
          sql.lazily(tail::run);
          tail.committed();
        }
      }
      done.set(true);
      for (Future<Integer> look : looks) {
        assertThat(look.get(10, TimeUnit.SECONDS)).isPositive();
      }
    } finally {
      done.set(true);
      readers.shutdownNow();
    }
  }

  private void makeConversations() throws SQLException {
    for (int log = 0; log < LOGS; log++) {
      sql.update("INSERT INTO conversation(id, name) VALUES(?, ?)", log + 1L, "c" + log);
    }
    sql.commit();
  }

  private List<Long> offsets(String conversation) {
    return logs.range(conversation, 1, Long.MAX_VALUE).stream().map(entry -> entry.offset).toList();
  }

  private static List<Long> upTo(long from, long last) {
    return LongStream.rangeClosed(from, last).boxed().toList();
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
