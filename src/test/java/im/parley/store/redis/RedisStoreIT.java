package im.parley.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.config.RedisConfig;
import im.parley.config.RedisDurability;
import im.parley.config.StoreConfig;
import im.parley.protocol.ErrorCode;
import im.parley.store.Appended;
import im.parley.store.LogPage;
import im.parley.store.Marks;
import im.parley.store.RoomStore.JoinPolicy;
import im.parley.store.RoomStore.Limits;
import im.parley.store.RoomStore.Room;
import im.parley.store.Store;
import im.parley.store.StoreContract;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The Redis store keeps the contract, across restarts of the node, retention and misuse too. */
class RedisStoreIT extends StoreContract {
  @RegisterExtension static final RedisServer redis = RedisServer.durable();
  private static final Vertx vertx = Vertx.vertx();
  private static final Duration KEEP = Duration.ZERO;

  private RedisStore store;

  static StoreConfig config(String url, String durability, int queue, Duration age, long count) {
    return new StoreConfig(
        url,
        Path.of("unused"),
        queue,
        1,
        age,
        count,
        new RedisConfig(RedisDurability.of(durability), 2, Duration.ofSeconds(2)));
  }

  @BeforeEach
  void open() {
    store = RedisStore.open(vertx, config(redis.url(), "always", 10_000, KEEP, 0), clock);
  }

  @AfterEach
  void close() {
    await(store.close());
  }

  @AfterAll
  static void stop() {
    await(vertx.close());
  }

  @Override
  protected Store store() {
    return store;
  }

  private void reopen(int queue, Duration age, long count) {
    await(store.close());
    store = RedisStore.open(vertx, config(redis.url(), "always", queue, age, count), clock);
  }

  @Test
  void everything_is_there_for_another_node_in_the_same_epoch() {
    send(5);
    await(store.conversations().mark("bob", DIRECT, 4, 2));
    LogPage before = await(store.messages().readAfter(DIRECT, 0, 10));

    reopen(100, KEEP, 0);

    assertThat(await(store.messages().readAfter(DIRECT, 0, 10))).isEqualTo(before);
    assertThat(await(store.conversations().mark("bob", DIRECT, 0, 0)))
        .isEqualTo(new Marks(4, 2, false));
    assertThat(await(store.messages().append(draft("ann", "3", "text 3"))).duplicate()).isTrue();
    assertThat(await(store.messages().append(draft("ann", "6", "text 6"))).message().offset())
        .isEqualTo(6);
  }

  @Test
  void each_conversation_has_an_epoch_of_its_own() {
    String first = await(store.messages().append(draft("ann", "1", "x"))).message().epoch();
    String second =
        await(store.messages().append(in("r:tea", List.of(), "ann", "1", "x"))).message().epoch();

    assertThat(first).isNotEqualTo(second).isNotEqualTo(Epochs.NONE);
  }

  @Test
  void what_separates_fields_and_keys_may_be_in_every_text() {
    String odd = "a}b{c:3:d\n*é\u0001 [";
    Appended first =
        await(store.messages().append(in("d:" + odd, List.of(odd, "bob"), odd, odd, odd)));

    LogPage page = await(store.messages().readAfter("d:" + odd, 0, 10));
    assertThat(page.messages()).containsExactly(first.message());
    assertThat(first.message().cid()).isEqualTo(odd);
    assertThat(await(store.conversations().conversations(odd, "", 10)).conversations())
        .extracting(state -> state.conversation())
        .containsExactly("d:" + odd);
    assertThat(await(store.conversations().conversation(odd, "d:" + odd)).unread()).isZero();
    assertThat(await(store.conversations().conversation("bob", "d:" + odd)).unread()).isEqualTo(1);
  }

  @Test
  void retention_by_count_keeps_the_newest_and_names_the_edge() {
    reopen(10_000, KEEP, 10);
    send(1_234);
    await(store.trim());

    LogPage page = await(store.messages().readAfter(DIRECT, 0, 100));
    assertThat(page.first()).isEqualTo(1_225);
    assertThat(page.head()).isEqualTo(1_234);
    assertThat(offsets(page)).isEqualTo(range(1_225, 1_234));
    assertThat(offsets(await(store.messages().readBefore(DIRECT, 1_230, 100))))
        .isEqualTo(range(1_225, 1_229));
    assertThat(store.stats().trimmed()).isEqualTo(1_224);
    assertThat(await(store.conversations().conversation("bob", DIRECT)).first()).isEqualTo(1_225);
    assertThat(await(store.conversations().conversation("bob", DIRECT)).unread()).isEqualTo(10);
  }

  @Test
  void a_log_that_age_has_emptied_never_gives_an_offset_out_twice() {
    reopen(10_000, Duration.ofDays(7), 0);
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
    assertThat(redis.cli("XLEN", Keys.log(DIRECT))).isEqualTo("0");
    assertThat(redis.cli("EXISTS", Keys.cids(DIRECT))).isEqualTo("0");
    assertThat(await(store.conversations().conversation("bob", DIRECT)).last()).isNull();
    assertThat(await(store.conversations().mark("bob", DIRECT, 0, 99)))
        .isEqualTo(new Marks(20, 20, true));
    assertThat(await(store.messages().append(draft("ann", "new", "x"))).message().offset())
        .isEqualTo(21);
  }

  @Test
  void a_trimmed_message_still_answers_a_repeated_send_for_a_day() {
    reopen(10_000, KEEP, 1);
    Appended first = await(store.messages().append(draft("ann", "1", "text 1")));
    await(store.messages().append(draft("ann", "2", "text 2")));
    await(store.trim());
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
  void a_full_queue_refuses_with_busy_and_counts_it() {
    reopen(10, KEEP, 0);
    redis.freeze();
    List<Future<Appended>> waiting = new ArrayList<>();
    for (int i = 1; i <= 10; i++) {
      waiting.add(store.messages().append(draft("ann", "" + i, "x")));
    }

    assertThat(refusal(store.messages().append(draft("ann", "11", "x")))).isEqualTo(ErrorCode.BUSY);
    assertThat(store.stats().writeQueue()).isEqualTo(10);
    assertThat(store.stats().busy()).isEqualTo(1);
    redis.thaw();
    await(Future.all(waiting));
    assertThat(waiting.get(9).result().message().offset()).isEqualTo(10);
  }

  @Test
  void one_bad_draft_does_not_fail_the_others() {
    Future<Appended> good = store.messages().append(draft("ann", "1", "x"));
    Future<Appended> bad = store.messages().append(draft("ann", null, "x"));
    Future<Appended> after = store.messages().append(draft("ann", "2", "x"));

    assertThat(refusal(bad)).isEqualTo(ErrorCode.SERVER_ERROR);
    assertThat(await(good).message().offset()).isEqualTo(1);
    assertThat(await(after).message().offset()).isEqualTo(2);
  }

  @Test
  void a_key_of_someone_else_fails_its_conversation_only() {
    redis.cli("SET", Keys.log(DIRECT), "theirs");
    Future<Appended> bad = store.messages().append(draft("ann", "1", "x"));
    Future<Appended> good =
        store.messages().append(in("d:ann:cat", List.of("ann", "cat"), "ann", "1", "x"));

    assertThat(refusal(bad)).isEqualTo(ErrorCode.SERVER_ERROR);
    assertThat(await(good).message().offset()).isEqualTo(1);
    assertThat(store.health().writable()).isTrue();
  }

  @Test
  void a_handler_that_throws_harms_nobody_else() {
    store
        .messages()
        .append(draft("ann", "1", "x"))
        .onComplete(
            done -> {
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
    open();
    assertThat(await(store.messages().readAfter(DIRECT, 0, 1)).head()).isEqualTo(2_000);
  }

  @Test
  void two_nodes_append_to_one_log_and_a_repeat_at_the_other_finds_the_first() {
    RedisStore other =
        RedisStore.open(vertx, config(redis.url(), "always", 10_000, KEEP, 0), clock);
    List<Future<Appended>> sent = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      sent.add(store.messages().append(draft("ann", "a" + i, "x")));
      sent.add(other.messages().append(draft("bob", "b" + i, "x")));
      sent.add(other.messages().append(draft("ann", "a" + i, "x")));
    }
    await(Future.all(sent));

    assertThat(sent.stream().filter(one -> one.result().duplicate())).hasSize(300);
    assertThat(offsets(await(other.messages().readAfter(DIRECT, 0, 1_000))))
        .isEqualTo(range(1, 600));
    assertThat(sent.stream().map(one -> one.result().message().epoch()).distinct()).hasSize(1);
    await(other.close());
  }

  @Test
  void a_list_may_name_what_is_not_there_and_readers_pass_over_it() {
    for (String stale : List.of("d:a", "d:ann:bob", "d:b", "d:z")) {
      redis.cli("ZADD", Keys.userConversations("ann"), "0", stale);
    }
    send(1);

    var page = await(store.conversations().conversations("ann", "", 1));
    assertThat(page.conversations()).hasSize(1);
    assertThat(page.more()).isFalse();
    await(
        store
            .rooms()
            .create(
                new Room("tea", "r:tea", "Tea", "ann", JoinPolicy.INVITE, 1, 0),
                List.of(),
                new Limits(10, 10)));
    String list = "redis.call('ZADD', KEYS[1], 0, ARGV[1] .. string.char(0) .. ARGV[2])";
    redis.cli("EVAL", list, "1", Keys.OPEN_ROOMS, "gone", "r:gone");
    redis.cli("EVAL", list, "1", Keys.OPEN_ROOMS, "tea", "r:tea");
    assertThat(await(store.rooms().openRooms("", 10))).isEmpty();
    await(store.rooms().remove("tea", "ann"));
    assertThat(await(store.rooms().roomsOf("ann"))).isEmpty();
    assertThat(redis.cli("ZCARD", Keys.userRooms("ann"))).isEqualTo("0");
  }
}
