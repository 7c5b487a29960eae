package im.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.store.sqlite.SqliteBackup;
import im.parley.testing.ChatClient;
import im.parley.testing.LeakWatch;
import im.parley.testing.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Clients that come back and name what they have. */
@ExtendWith(LeakWatch.class)
class CatchUpIT {
  private static final String DIRECT = "direct:amy:ben";

  @TempDir Path data;

  @Test
  void what_was_missed_comes_in_order_and_then_what_came_meanwhile_without_hole_or_double()
      throws Exception {
    try (TestNode node = TestNode.start(data);
        ChatClient sender = ChatClient.login(node.wsPort(), "amy", "")) {
      for (int i = 1; i <= 300; i++) {
        sender.post("send", ChatClient.message("ben", "c" + i, "text " + i));
      }
      JsonObject last = sender.send("ben", "c301", "text 301");
      for (int round = 0; round < 10; round++) {
        JsonObject cursors = cursor(DIRECT, last.getString("epoch"), 100 + 10 * round);
        int first = 302 + 40 * round;
        CompletableFuture<Void> live =
            CompletableFuture.runAsync(
                () -> {
                  for (int i = first; i < first + 40; i++) {
                    sender.post("send", ChatClient.message("ben", "c" + i, "text " + i));
                  }
                });
        try (ChatClient back = login(node, "ben", "d" + round, cursors)) {
          live.join();
          for (long offset = 101 + 10 * round; offset < first + 40; offset++) {
            assertThat(back.push("msg").getLong("offset")).isEqualTo(offset);
          }
        }
      }
    }
  }

  @Test
  void more_than_the_limit_is_left_to_a_sync() throws Exception {
    try (TestNode node = TestNode.start(data, "chat.sync-limit=50");
        ChatClient sender = ChatClient.login(node.wsPort(), "amy", "")) {
      for (int i = 1; i <= 80; i++) {
        sender.send("ben", "c" + i, "text");
      }
      try (ChatClient back = login(node, "ben", "", new JsonObject())) {
        JsonObject resync = back.push("resync");
        assertThat(
                resync.containsKey("all") || resync.getJsonArray("conversations").contains(DIRECT))
            .isTrue();
        for (long offset = 1; offset <= 50; offset++) {
          assertThat(back.push("msg").getLong("offset")).isEqualTo(offset);
        }
        assertThat(offsets(back.syncAll())).containsExactlyElementsOf(upTo(80));
        sender.send("ben", "live", "text");
        assertThat(back.push("msg").getLong("offset")).isEqualTo(81);
      }
    }
  }

  @Test
  void a_client_that_reads_slowly_while_it_catches_up_is_told_to_sync_and_stays() throws Exception {
    try (TestNode node =
            TestNode.start(
                data, "gateway.soft-budget-bytes=50000", "gateway.hard-budget-bytes=20000000");
        ChatClient sender = ChatClient.login(node.wsPort(), "amy", "")) {
      for (int i = 1; i <= 100; i++) {
        sender.send("ben", "c" + i, "x".repeat(10_000));
      }
      try (ChatClient back = login(node, "ben", "", new JsonObject())) {
        assertThat(back.push("resync").getJsonArray("conversations")).containsExactly(DIRECT);
        assertThat(back.push("msg").getLong("offset")).isEqualTo(1);
        assertThat(offsets(back.syncAll())).containsExactlyElementsOf(upTo(100));
      }
    }
  }

  @Test
  void after_a_restored_backup_old_cursors_start_over_in_the_new_epoch() throws Exception {
    Path backup = data.resolve("backup.db");
    Path first = data.resolve("first");
    Path second = data.resolve("second");
    String oldEpoch;
    try (TestNode node = TestNode.start(first);
        ChatClient sender = ChatClient.login(node.wsPort(), "amy", "")) {
      for (int i = 1; i <= 5; i++) {
        sender.send("ben", "c" + i, "text " + i);
      }
      sender.send("cat", "c1", "text 1");
      SqliteBackup.run(first, backup);
      oldEpoch = sender.send("ben", "lost", "after the backup").getString("epoch");
      sender.send("dan", "c1", "a conversation that the backup does not have");
    }
    Files.createDirectories(second);
    Files.copy(backup, second.resolve("parley.db"));
    try (TestNode node = TestNode.start(second)) {
      try (ChatClient back = login(node, "ben", "", cursor(DIRECT, oldEpoch, 6))) {
        for (int offset = 1; offset <= 5; offset++) {
          JsonObject message = back.push("msg");
          assertThat(message.getLong("offset")).isEqualTo(offset);
          assertThat(message.getString("epoch")).isNotEqualTo(oldEpoch);
        }
        JsonObject page =
            back.ask("sync", new JsonObject().put("cursors", cursor(DIRECT, oldEpoch, 6)));
        JsonObject part = page.getJsonArray("conversations").getJsonObject(0);
        assertThat(part.getString("epoch")).isNotEqualTo(oldEpoch);
        assertThat(offsets(objects(part.getJsonArray("messages"))))
            .containsExactlyElementsOf(upTo(5));
        JsonArray behind =
            back.ask("heartbeat", new JsonObject().put("cursors", cursor(DIRECT, oldEpoch, 6)))
                .getJsonArray("conversations");
        assertThat(behind.getJsonObject(0).getString("epoch")).isEqualTo(part.getString("epoch"));
        // What the sender was acknowledged after the backup is gone; its retry brings it back,
        // once.
        try (ChatClient sender = ChatClient.login(node.wsPort(), "amy", "")) {
          assertThat(sender.send("ben", "lost", "after the backup").getBoolean("duplicate"))
              .isFalse();
          assertThat(sender.send("ben", "c5", "text 5").getBoolean("duplicate")).isTrue();
        }
        assertThat(back.push("msg").getLong("offset")).isEqualTo(6);
      }
    }
  }

  @Test
  void a_cursor_ahead_of_the_log_is_told_so() throws Exception {
    try (TestNode node = TestNode.start(data);
        ChatClient sender = ChatClient.login(node.wsPort(), "amy", "")) {
      String epoch = sender.send("ben", "c1", "text").getString("epoch");
      try (ChatClient back = login(node, "ben", "", cursor(DIRECT, epoch, 9))) {
        assertThat(back.push("resync").getJsonArray("conversations")).containsExactly(DIRECT);
        JsonObject page =
            back.ask("sync", new JsonObject().put("cursors", cursor(DIRECT, epoch, 9)));
        assertThat(page.getJsonArray("conversations").getJsonObject(0).getLong("head"))
            .isEqualTo(1);
      }
    }
  }

  private static ChatClient login(TestNode node, String user, String device, JsonObject cursors) {
    ChatClient client = new ChatClient(node.wsPort());
    client.ask("login", ChatClient.loginData(user, device).put("cursors", cursors));
    return client;
  }

  private static JsonObject cursor(String conversation, String epoch, long offset) {
    return new JsonObject()
        .put(conversation, new JsonObject().put("epoch", epoch).put("offset", offset));
  }

  private static List<Long> offsets(List<JsonObject> messages) {
    return messages.stream().map(message -> message.getLong("offset")).toList();
  }

  private static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  private static List<JsonObject> objects(JsonArray array) {
    List<JsonObject> objects = new ArrayList<>();
    array.forEach(each -> objects.add((JsonObject) each));
    return objects;
  }
}
