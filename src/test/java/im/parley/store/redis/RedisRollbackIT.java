package im.parley.store.redis;

import static im.parley.store.StoreContract.await;
import static org.assertj.core.api.Assertions.assertThat;

import im.parley.protocol.Message;
import im.parley.store.ConversationState;
import im.parley.store.Draft;
import im.parley.store.LogPage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that has gone back is read and written under another epoch, by every node. */
class RedisRollbackIT {
  private static final String DIRECT = "direct:ann:bob";
  private static final Vertx vertx = Vertx.vertx();

  @TempDir Path backup;
  private final RedisServer redis = RedisServer.durable().start();
  private RedisStore store;
  private RedisStore other;

  @BeforeEach
  void open() {
    store = another();
    other = another();
  }

  private RedisStore another() {
    return RedisStore.open(
        vertx, RedisAwayIT.config(redis.url(), "always", Duration.ofSeconds(2)), Clock.systemUTC());
  }

  @AfterEach
  void end() {
    await(store.close());
    await(other.close());
    redis.close();
  }

  @AfterAll
  static void stop() {
    await(vertx.close());
  }

  private static Message append(RedisStore store, String cid) {
    return await(
            store
                .messages()
                .append(
                    new Draft(
                        "id" + cid,
                        DIRECT,
                        List.of("ann", "bob"),
                        "ann",
                        "web",
                        1,
                        cid,
                        "text",
                        "{}")))
        .message();
  }

  private void kill() {
    redis.kill();
    Until.holds(
        "both nodes have noticed",
        () ->
            Stream.of(store, other)
                .noneMatch(node -> node.health().writable() || node.health().readable()));
  }

  private void awaitBoth() {
    Until.holds(
        "both nodes are back",
        () ->
            Stream.of(store, other)
                .allMatch(node -> node.health().writable() && node.health().readable()));
  }

  /** The epoch that both nodes see, or {@code before} while one of them sees none. */
  private String epoch(String before) {
    return await(
        Future.all(
                store.messages().readAfter(DIRECT, 0, 1), other.messages().readAfter(DIRECT, 0, 1))
            .map(both -> both.<LogPage>resultAt(0).epoch())
            .otherwise(before));
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  @Test
  void an_older_append_only_file_brings_a_new_epoch() throws IOException {
    Path files = redis.directory().resolve("appendonlydir");
    append(store, "1");
    append(store, "2");
    copy(files, backup);
    String before = append(store, "3").epoch();
    append(other, "4");

    kill();
    copy(backup, files);
    redis.start();
    awaitBoth();

    LogPage page = await(store.messages().readAfter(DIRECT, 0, 10));
    assertThat(page.head()).isEqualTo(2);
    assertThat(page.epoch()).isNotEqualTo(before);
    assertThat(page.messages()).allMatch(message -> message.epoch().equals(page.epoch()));
    ConversationState seen = await(other.conversations().conversation("bob", DIRECT));
    assertThat(seen.epoch()).isEqualTo(page.epoch());
    Message next = append(other, "5");
    assertThat(next.offset()).isEqualTo(3);
    assertThat(next.epoch()).isEqualTo(page.epoch());
    assertThat(append(store, "1").epoch()).isEqualTo(page.epoch());
  }

  @Test
  void a_restart_that_lost_nothing_brings_a_new_epoch_once() {
    String before = append(store, "1").epoch();
    kill();
    redis.start();
    awaitBoth();

    Message after = append(store, "2");
    assertThat(after.offset()).isEqualTo(2);
    assertThat(after.epoch()).isNotEqualTo(before);
    assertThat(append(other, "3").epoch()).isEqualTo(after.epoch());
    assertThat(await(store.messages().readAfter(DIRECT, 0, 10)).epoch()).isEqualTo(after.epoch());
  }

  @Test
  void a_primary_that_was_a_replica_in_between_brings_a_new_epoch() {
    append(store, "1");
    try (RedisServer second = new RedisServer("--replicaof", "127.0.0.1 " + redis.port()).start()) {
      Until.holds(
          "the replica is in step",
          () -> second.cli("INFO", "replication").contains("master_link_status:up"));
      second.cli("REPLICAOF", "NO", "ONE");
      // Nobody but the first server has it.
      String lost = append(store, "2").epoch();
      redis.cli("REPLICAOF", "127.0.0.1", "" + second.port());
      Until.holds(
          "the first server has the second's data",
          () -> redis.cli("INFO", "replication").contains("master_link_status:up"));
      redis.cli("REPLICAOF", "NO", "ONE");
      Until.holds("the nodes have noticed", () -> !epoch(lost).equals(lost));
      awaitBoth();

      Message next = append(other, "3");
      assertThat(next.offset()).isEqualTo(2);
      assertThat(next.epoch()).isNotEqualTo(lost);
    }
  }

  @Test
  void what_is_gone_from_the_lists_is_listed_again_with_the_next_message() {
    append(store, "1");
    kill();
    redis.start();
    redis.cli("DEL", Keys.userConversations("bob"));
    awaitBoth();

    append(store, "2");

    assertThat(await(store.conversations().conversations("bob", "", 10)).conversations())
        .extracting(ConversationState::conversation)
        .containsExactly(DIRECT);
  }
}
