package im.parley.store.redis;

import static im.parley.store.StoreContract.await;
import static im.parley.store.StoreContract.offsets;
import static im.parley.store.StoreContract.range;
import static im.parley.store.StoreContract.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.parley.config.RedisConfig;
import im.parley.config.RedisDurability;
import im.parley.config.StoreConfig;
import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import im.parley.store.Appended;
import im.parley.store.Draft;
import im.parley.store.StoreUnusable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Redis dies, hangs, is full, lacks replicas or is not there: nothing is acknowledged in vain. */
class RedisAwayIT {
  private static final String ROOM = "room:tea";
  private static final Vertx vertx = Vertx.vertx();

  private RedisServer redis = RedisServer.durable();
  private RedisStore store;

  @AfterEach
  void end() {
    if (store != null) {
      await(store.close());
    }
    redis.close();
  }

  @AfterAll
  static void stop() {
    await(vertx.close());
  }

  static StoreConfig config(String url, String durability, Duration timeout) {
    return new StoreConfig(
        url,
        Path.of("unused"),
        10_000,
        1,
        Duration.ZERO,
        0,
        new RedisConfig(RedisDurability.of(durability), 2, timeout));
  }

  private void open(String durability) {
    store =
        RedisStore.open(
            vertx, config(redis.url(), durability, Duration.ofSeconds(1)), Clock.systemUTC());
  }

  private Future<Appended> append(String cid) {
    return store
        .messages()
        .append(new Draft("id" + cid, ROOM, List.of(), "ann", "web", 1, cid, "text", "{}"));
  }

  /** Each of the links comes back by itself; one that reads may be the last. */
  private void awaitBack() {
    Until.holds("the store takes writes", () -> store.health().writable());
    Until.holds("and reads", () -> store.health().readable());
  }

  @Test
  void what_was_acknowledged_survives_kill_9_and_the_store_comes_back_by_itself() {
    redis.start();
    open("always");
    List<Future<Appended>> sent = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      sent.add(append("" + i));
    }
    await(sent.get(500));
    redis.kill();
    Until.holds("all are answered", () -> sent.stream().allMatch(Future::isComplete));
    long acknowledged = sent.stream().filter(Future::succeeded).count();
    assertThat(sent.stream().filter(Future::failed).map(one -> refusal(one)).distinct())
        .allMatch(code -> code == ErrorCode.STORE_UNAVAILABLE);
    assertThat(refusal(append("while away"))).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    assertThat(refusal(store.messages().readAfter(ROOM, 0, 1)))
        .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    Until.holds("noticed", () -> !store.health().writable());
    assertThat(store.health().readable()).isFalse();
    assertThatThrownBy(() -> await(store.messages().readAfter(ROOM, 0, 1)))
        .hasMessageContaining("redis is away")
        .hasMessageNotContaining("stored");
    assertThat(store.health().detail()).contains("127.0.0.1:" + redis.port(), "connects again");

    redis.start();
    awaitBack();
    List<Future<Appended>> again = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      again.add(append("" + i));
    }
    await(Future.all(again));

    for (int i = 0; i < 3_000; i++) {
      if (sent.get(i).succeeded()) {
        assertThat(again.get(i).result().duplicate()).isTrue();
        assertThat(again.get(i).result().message().offset())
            .isEqualTo(sent.get(i).result().message().offset());
      }
    }
    assertThat(acknowledged).isPositive();
    assertThat(offsets(await(store.messages().readAfter(ROOM, 0, 10_000))))
        .isEqualTo(range(1, 3_000));
  }

  @Test
  void a_hanging_redis_is_given_up_and_a_repeated_send_is_stored_once() {
    redis.start();
    open("always");
    await(append("before"));
    redis.freeze();

    List<Future<Appended>> hanging = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      hanging.add(append("" + i));
    }
    assertThat(hanging)
        .allSatisfy(one -> assertThat(refusal(one)).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
    assertThat(refusal(append("later"))).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    redis.thaw();
    awaitBack();
    List<Future<Appended>> again = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      again.add(append("" + i));
    }
    await(Future.all(again));

    assertThat(await(store.messages().readAfter(ROOM, 0, 1_000)).messages())
        .extracting(message -> message.cid())
        .doesNotHaveDuplicates()
        .hasSize(101);
  }

  @Test
  void a_redis_that_is_slow_but_answers_is_not_given_up() {
    redis.start();
    // Each pipeline waits for half a second in vain, so the last of them for longer than the
    // timeout.
    open("replicated:1");
    List<Future<Appended>> sent = new ArrayList<>();
    for (int i = 0; i < 1_500; i++) {
      sent.add(append("" + i));
    }

    assertThat(sent)
        .allSatisfy(
            one ->
                assertThatThrownBy(() -> await(one)).hasMessageContaining("0 of 1 replicas have"));
    assertThat(offsets(await(store.messages().readAfter(ROOM, 0, 10_000))))
        .isEqualTo(range(1, 1_500));
  }

  @Test
  void a_redis_that_is_not_there_at_the_start_is_one_line_for_the_operator() {
    assertThatThrownBy(() -> open("always"))
        .isInstanceOf(StoreUnusable.class)
        .hasMessageContaining("redis at 127.0.0.1:" + redis.port() + " cannot be reached")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void a_redis_that_is_less_durable_than_configured_is_refused_at_the_start() {
    redis.close();
    redis = new RedisServer("--appendonly", "yes", "--appendfsync", "everysec").start();

    assertThatThrownBy(() -> open("always"))
        .isInstanceOf(StoreUnusable.class)
        .hasMessageContaining(
            "redis at 127.0.0.1:"
                + redis.port()
                + " has appendonly yes and appendfsync everysec, expected yes and always");
    redis.cli("CONFIG", "SET", "maxmemory", "100mb", "maxmemory-policy", "allkeys-lru");
    assertThatThrownBy(() -> open("everysec"))
        .hasMessageContaining("evicts keys (maxmemory-policy allkeys-lru), expected noeviction");
    redis.cli("CONFIG", "SET", "maxmemory-policy", "noeviction");
    open("everysec");
    assertThat(await(append("1")).message().offset()).isEqualTo(1);
  }

  @Test
  void a_user_who_may_not_ask_for_the_configuration_is_believed() {
    redis.start();
    redis.cli("ACL", "SETUSER", "parley", "on", ">p%w", "~parley:*", "+@all", "-config");
    store =
        RedisStore.open(
            vertx,
            config(
                "redis://parley:p%25w@127.0.0.1:" + redis.port(), "always", Duration.ofSeconds(1)),
            Clock.systemUTC());
    assertThat(await(append("1")).message().offset()).isEqualTo(1);

    assertThatThrownBy(
            () ->
                RedisStore.open(
                    vertx,
                    config(
                        "redis://parley:wrong@127.0.0.1:" + redis.port(),
                        "always",
                        Duration.ofSeconds(1)),
                    Clock.systemUTC()))
        .isInstanceOf(StoreUnusable.class)
        .hasMessageContaining("WRONGPASS");
  }

  @Test
  void a_full_redis_refuses_writes_goes_on_reading_and_recovers() {
    redis.start();
    open("always");
    await(append("1"));
    redis.cli("CONFIG", "SET", "maxmemory", "1");

    assertThat(refusal(append("2"))).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    assertThat(store.health().writable()).isFalse();
    assertThat(store.health().readable()).isTrue();
    assertThat(store.health().detail()).contains("OOM");
    assertThat(await(store.messages().readAfter(ROOM, 0, 10)).head()).isEqualTo(1);
    redis.cli("CONFIG", "SET", "maxmemory", "0");

    awaitBack();
    assertThat(await(append("2")).message().offset()).isEqualTo(2);
  }

  @Test
  void a_message_that_too_few_replicas_have_is_not_acknowledged_but_its_repeat_finds_it() {
    redis.start();
    open("replicated:1");
    Future<Appended> alone = append("1");
    assertThat(refusal(alone)).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    assertThat(((Refusal) alone.cause()).reason()).contains("0 of 1 replicas", "same cid");
    assertThat(store.health().writable()).isFalse();

    try (RedisServer replica =
        new RedisServer("--replicaof", "127.0.0.1 " + redis.port()).start()) {
      awaitBack();
      Appended first = await(append("1"));
      assertThat(first.duplicate()).isTrue();
      assertThat(first.message().offset()).isEqualTo(1);
      assertThat(await(append("2")).message().offset()).isEqualTo(2);
      assertThat(replica.cli("XLEN", Keys.log(ROOM))).isEqualTo("2");
      replica.freeze();
      assertThat(refusal(append("3"))).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }
  }
}
