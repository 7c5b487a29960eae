package im.parley.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.parley.config.StoreConfig;
import im.parley.protocol.ErrorCode;
import im.parley.store.Appended;
import im.parley.store.ConversationState;
import im.parley.store.LogPage;
import im.parley.store.Marks;
import im.parley.store.Store;
import im.parley.store.StoreContract;
import im.parley.store.StoreUnusable;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded store keeps the contract, across restarts, retention and misuse too. */
class SqliteStoreIT extends StoreContract {
  private static final Duration KEEP = Duration.ZERO;

  @TempDir Path directory;
  private SqliteStore store;

  @BeforeEach
  void open() {
    store = SqliteStore.open(config(10_000, KEEP, 0), clock);
  }

  @AfterEach
  void close() {
    await(store.close());
  }

  @Override
  protected Store store() {
    return store;
  }

  private StoreConfig config(int queue, Duration age, long count) {
    return new StoreConfig("sqlite", directory, queue, 2, age, count);
  }

  private void reopen(StoreConfig config) {
    await(store.close());
    store = SqliteStore.open(config, clock);
  }

  @Test
  void everything_is_there_after_a_restart_in_the_same_epoch() {
    send(5);
    await(store.conversations().mark("bob", DIRECT, 4, 2));
    LogPage before = await(store.messages().readAfter(DIRECT, 0, 10));

    reopen(config(100, KEEP, 0));

    assertThat(await(store.messages().readAfter(DIRECT, 0, 10))).isEqualTo(before);
    assertThat(await(store.conversations().mark("bob", DIRECT, 0, 0)))
        .isEqualTo(new Marks(4, 2, false));
    assertThat(await(store.messages().append(draft("ann", "3", "text 3"))).duplicate()).isTrue();
    assertThat(await(store.messages().append(draft("ann", "6", "text 6"))).message().offset())
        .isEqualTo(6);
  }

  @Test
  void retention_by_count_keeps_the_newest_and_names_the_edge() {
    reopen(config(10_000, KEEP, 10));
    send(1_234);
    await(store.trim());

    LogPage page = await(store.messages().readAfter(DIRECT, 0, 100));
    assertThat(page.first()).isEqualTo(1_225);
    assertThat(page.head()).isEqualTo(1_234);
    assertThat(offsets(page)).isEqualTo(range(1_225, 1_234));
    assertThat(store.stats().trimmed()).isEqualTo(1_224);
    assertThat(await(store.conversations().conversation("bob", DIRECT)).first()).isEqualTo(1_225);
  }

  @Test
  void a_log_that_age_has_emptied_never_gives_an_offset_out_twice() {
    reopen(config(10_000, Duration.ofDays(7), 0));
    send(20);
    clock.advance(Duration.ofDays(6));
    await(store.trim());
    assertThat(await(store.messages().readAfter(DIRECT, 0, 100)).first()).isEqualTo(1);
    clock.advance(Duration.ofDays(2));
    await(store.trim());

    LogPage empty = await(store.messages().readAfter(DIRECT, 0, 100));
    assertThat(empty.messages()).isEmpty();
    assertThat(empty.first()).isEqualTo(21);
    assertThat(empty.head()).isEqualTo(20);
    reopen(config(10_000, Duration.ofDays(7), 0));
    assertThat(await(store.conversations().mark("bob", DIRECT, 0, 99)))
        .isEqualTo(new Marks(20, 20, true));
    assertThat(await(store.messages().append(draft("ann", "new", "x"))).message().offset())
        .isEqualTo(21);
  }

  @Test
  void a_trimmed_message_still_answers_a_repeated_send_for_a_day() {
    reopen(config(10_000, KEEP, 1));
    Appended first = await(store.messages().append(draft("ann", "1", "text 1")));
    await(store.messages().append(draft("ann", "2", "text 2")));
    await(store.trim());
    reopen(config(10_000, KEEP, 1));
    assertThat(await(store.messages().readAfter(DIRECT, 0, 10)).first()).isEqualTo(2);
    clock.advance(Duration.ofHours(23));
    await(store.trim());

    assertThat(await(store.messages().append(draft("ann", "1", "text 1"))))
        .isEqualTo(new Appended(first.message(), true));
    assertThat(refusal(store.messages().append(draft("ann", "1", "other"))))
        .isEqualTo(ErrorCode.CONFLICT);

    clock.advance(Duration.ofHours(2));
    await(store.trim());
    assertThat(await(store.messages().append(draft("ann", "1", "other"))).message().offset())
        .isEqualTo(3);
  }

  @Test
  void readers_miss_nothing_while_messages_move_from_the_tail_to_their_places() {
    int messages = 75_000;
    Semaphore inFlight = new Semaphore(500);
    AtomicLong acked = new AtomicLong();
    AtomicLong refused = new AtomicLong();
    for (int i = 1; i <= messages; i++) {
      inFlight.acquireUninterruptibly();
      store
          .messages()
          .append(draft("ann", "" + i, "text " + i))
          .onComplete(
              done -> {
                (done.succeeded() ? acked : refused).incrementAndGet();
                inFlight.release();
              });
      if (i % 200 == 0) {
        requireWholePages(acked.get());
      }
    }
    inFlight.acquireUninterruptibly(500);
    assertThat(refused.get()).isZero();

    requireWholePages(messages);
    assertThat(await(store.messages().append(draft("ann", "1", "text 1"))).message().offset())
        .isEqualTo(1);
    assertThat(offsets(await(store.messages().readAfter(DIRECT, 0, messages))))
        .isEqualTo(range(1, messages));
    reopen(config(10_000, KEEP, 0));
    assertThat(offsets(await(store.messages().readAfter(DIRECT, 0, messages))))
        .isEqualTo(range(1, messages));
  }

  /** Reads around every edge that there may be, when at least {@code acked} messages are there. */
  private void requireWholePages(long acked) {
    long middle = Math.max(0, acked - 300);
    LogPage forward = await(store.messages().readAfter(DIRECT, middle, 100));
    assertThat(forward.head()).isGreaterThanOrEqualTo(acked);
    assertThat(offsets(forward))
        .isEqualTo(range(middle + 1, Math.min(middle + 100, forward.head())));
    LogPage end = await(store.messages().readBefore(DIRECT, Long.MAX_VALUE, 50));
    assertThat(end.head()).isGreaterThanOrEqualTo(acked);
    assertThat(offsets(end)).isEqualTo(range(Math.max(1, end.head() - 49), end.head()));
    LogPage back = await(store.messages().readBefore(DIRECT, middle + 1, 50));
    assertThat(offsets(back)).isEqualTo(range(Math.max(1, middle - 49), middle));
    await(store.conversations().mark("bob", DIRECT, 0, middle));
    ConversationState state = await(store.conversations().conversation("bob", DIRECT));
    assertThat(state.last().offset()).isEqualTo(state.head());
    assertThat(state.unread()).isEqualTo(Math.min(1_000, state.head() - state.read()));
  }

  @Test
  void the_newest_message_is_known_to_a_member_who_has_read_all() {
    send(3);
    await(store.conversations().mark("bob", DIRECT, 3, 3));

    ConversationState state = await(store.conversations().conversation("bob", DIRECT));

    assertThat(state.head()).isEqualTo(3);
    assertThat(state.unread()).isZero();
    assertThat(state.last().offset()).isEqualTo(3);
  }

  @Test
  void a_full_queue_refuses_with_busy_and_counts_it() {
    reopen(config(10, KEEP, 0));
    CountDownLatch release = new CountDownLatch(1);
    holdWriter(release);
    List<Future<Appended>> waiting = new ArrayList<>();
    for (int i = 1; i <= 10; i++) {
      waiting.add(store.messages().append(draft("ann", "" + i, "x")));
    }

    assertThat(refusal(store.messages().append(draft("ann", "11", "x")))).isEqualTo(ErrorCode.BUSY);
    assertThat(store.stats().writeQueue()).isEqualTo(10);
    assertThat(store.stats().busy()).isEqualTo(1);
    release.countDown();
    await(Future.all(waiting));
    assertThat(waiting.get(9).result().message().offset()).isEqualTo(10);
    assertThat(store.stats().largestGroup()).isEqualTo(10);
  }

  /** Keeps the writer in a group of its own until {@code release}. */
  private void holdWriter(CountDownLatch release) {
    CompletableFuture<Void> holds = new CompletableFuture<>();
    store.write(
        sql -> {
          holds.complete(null);
          awaitRelease(release);
          return null;
        });
    holds.join();
  }

  private static void awaitRelease(CountDownLatch release) {
    try {
      release.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_bad_write_does_not_fail_its_group() {
    CountDownLatch release = new CountDownLatch(1);
    holdWriter(release);
    Future<Appended> good = store.messages().append(draft("ann", "1", "x"));
    Future<Appended> bad = store.messages().append(draft("ann", null, "x"));
    Future<Appended> badAndNew =
        store.messages().append(in("d:new", List.of("kim"), null, "1", "x"));
    Future<Integer> badStatement =
        store.write(sql -> sql.update("INSERT INTO message VALUES(1, 9, 1, NULL)"));
    Future<Appended> after = store.messages().append(draft("ann", "2", "x"));
    release.countDown();

    assertThat(refusal(bad)).isEqualTo(ErrorCode.SERVER_ERROR);
    assertThat(refusal(badAndNew)).isEqualTo(ErrorCode.SERVER_ERROR);
    assertThat(refusal(badStatement)).isEqualTo(ErrorCode.SERVER_ERROR);
    assertThat(await(good).message().offset()).isEqualTo(1);
    assertThat(await(after).message().offset()).isEqualTo(2);
    assertThat(await(store.conversations().isMember("kim", "d:new"))).isFalse();
    assertThat(
            await(store.messages().append(in("d:new", List.of("kim"), "kim", "1", "x")))
                .message()
                .offset())
        .isEqualTo(1);
  }

  @Test
  void a_handler_that_throws_harms_nobody_else() {
    // Heard on the store's own thread, however soon it is done.
    store
        .messages()
        .append(
            draft("ann", "1", "x"),
            stored -> {
              throw new IllegalStateException("thrown by a handler on purpose");
            });

    assertThat(await(store.messages().append(draft("ann", "2", "x"))).message().offset())
        .isEqualTo(2);
  }

  @Test
  void closing_finishes_what_was_accepted_and_refuses_the_rest() {
    List<Future<Appended>> sent = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      sent.add(store.messages().append(draft("ann", "" + i, "x")));
    }
    await(store.close());

    assertThat(sent).allMatch(Future::succeeded);
    assertThat(refusal(store.messages().append(draft("ann", "late", "x"))))
        .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    assertThat(refusal(store.messages().readAfter(DIRECT, 0, 1)))
        .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    store = SqliteStore.open(config(10, KEEP, 0), clock);
    assertThat(await(store.messages().readAfter(DIRECT, 0, 1)).head()).isEqualTo(2_000);
  }

  @Test
  void a_second_opener_is_refused() {
    assertThatThrownBy(() -> SqliteStore.open(config(10, KEEP, 0), clock))
        .isInstanceOf(StoreUnusable.class)
        .hasMessageContaining(
            "in use by another Parley (process " + ProcessHandle.current().pid() + ")");
  }

  @Test
  void a_newer_schema_is_refused_and_left_alone() throws Exception {
    await(store.close());
    Path database = directory.resolve(DataDirectory.DATABASE);
    execute(database, "PRAGMA user_version=99");

    assertThatThrownBy(() -> SqliteStore.open(config(10, KEEP, 0), clock))
        .isInstanceOf(StoreUnusable.class)
        .hasMessageContaining("newer Parley (schema 99, this one knows 2)");

    execute(database, "PRAGMA user_version=2");
    store = SqliteStore.open(config(10, KEEP, 0), clock);
    assertThat(store.health().writable()).isTrue();
  }

  @Test
  void a_store_from_before_the_journal_is_refused_in_plain_words() throws Exception {
    await(store.close());
    execute(directory.resolve(DataDirectory.DATABASE), "PRAGMA user_version=1");

    assertThatThrownBy(() -> SqliteStore.open(config(10, KEEP, 0), clock))
        .isInstanceOf(StoreUnusable.class)
        .hasMessageContaining("unreleased Parley (schema 1, this one knows 2)");

    execute(directory.resolve(DataDirectory.DATABASE), "PRAGMA user_version=2");
    store = SqliteStore.open(config(10, KEEP, 0), clock);
  }

  @Test
  void another_programs_database_is_refused_and_left_alone(@TempDir Path other) throws Exception {
    execute(other.resolve(DataDirectory.DATABASE), "CREATE TABLE theirs(x)");
    StoreConfig theirs = new StoreConfig("sqlite", other, 10, 1, KEEP, 0);

    assertThatThrownBy(() -> SqliteStore.open(theirs, clock))
        .isInstanceOf(StoreUnusable.class)
        .hasMessageContaining("is not a Parley store");
  }

  @Test
  void a_directory_that_cannot_be_made_is_one_line_for_the_operator(@TempDir Path other)
      throws Exception {
    Path file = java.nio.file.Files.writeString(other.resolve("file"), "");
    StoreConfig below = new StoreConfig("sqlite", file.resolve("data"), 10, 1, KEEP, 0);

    assertThatThrownBy(() -> SqliteStore.open(below, clock))
        .isInstanceOf(StoreUnusable.class)
        .hasMessageContaining("cannot be written")
        .hasMessageContaining("set store.data")
        .message()
        .doesNotContain("\n");
  }

  private static void execute(Path database, String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
