package im.parley.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.config.Config;
import im.parley.testing.ChatClient;
import im.parley.testing.TestNode;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that comes back after retention has trimmed what it missed. */
class TrimmedCatchUpIT {
  private static final String DIRECT = "direct:amy:ben";

  @TempDir Path data;

  @Test
  void what_retention_has_trimmed_is_told_as_a_gap() throws Exception {
    JsonObject last = null;
    try (TestNode node = TestNode.start(data);
        ChatClient sender = ChatClient.login(node.wsPort(), "amy", "")) {
      for (int i = 1; i <= 60; i++) {
        last = sender.send("ben", "c" + i, "text");
      }
    }
    Map<String, String> retention = Map.of("data", data.toString(), "store.retention-count", "10");
    SqliteStore store = SqliteStore.open(Config.of(retention).store(), Clock.systemUTC());
    TestNode.await(store.trim());
    TestNode.await(store.close());
    try (TestNode node = TestNode.start(data, "store.retention-count=10")) {
      try (ChatClient back = new ChatClient(node.wsPort())) {
        JsonObject cursors =
            new JsonObject()
                .put(
                    DIRECT,
                    new JsonObject().put("epoch", last.getString("epoch")).put("offset", 20));
        back.ask("login", ChatClient.loginData("ben", "").put("cursors", cursors));
        assertThat(back.push("resync").getJsonArray("conversations")).containsExactly(DIRECT);
        JsonObject page = back.ask("sync", new JsonObject().put("cursors", cursors));
        JsonObject part = page.getJsonArray("conversations").getJsonObject(0);
        assertThat(part.getJsonObject("gap"))
            .isEqualTo(new JsonObject().put("from", 21).put("to", 50));
        assertThat(part.getJsonArray("messages"))
            .extracting(message -> ((JsonObject) message).getLong("offset"))
            .containsExactlyElementsOf(LongStream.rangeClosed(51, 60).boxed().toList());
      }
    }
  }
}
