package im.parley.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.config.StoreConfig;
import im.parley.protocol.Message;
import im.parley.store.LogPage;
import im.parley.store.StoreContract;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process killed in the middle of writing loses nothing that it has acknowledged. */
class KilledStoreIT {
  // The second kill is late enough to fall into the moving of messages from the tail to their
  // places.
  private static final List<Integer> ACKS_BEFORE_KILL = List.of(3_000, 80_000, 3_000);

  @TempDir Path directory;

  private record Ack(String conversation, long offset, String cid) {}

  @Test
  @Timeout(120)
  void what_was_acknowledged_before_a_kill_is_in_the_log_once_and_without_holes() throws Exception {
    List<Ack> acked = new ArrayList<>();
    for (int acks : ACKS_BEFORE_KILL) {
      acked.addAll(appendAndKill(acks));
    }

    Map<String, List<Message>> logs = logs();
    Map<String, Message> byCid = new HashMap<>();
    logs.forEach(
        (conversation, messages) -> {
          for (int i = 0; i < messages.size(); i++) {
            assertThat(messages.get(i).offset()).isEqualTo(i + 1L);
            assertThat(byCid.put(messages.get(i).cid(), messages.get(i)))
                .as("stored twice")
                .isNull();
          }
        });
    assertThat(acked)
        .hasSizeGreaterThanOrEqualTo(86_000)
        .allSatisfy(
            ack -> {
              Message stored = byCid.get(ack.cid());
              assertThat(stored).as("acknowledged %s", ack).isNotNull();
              assertThat(stored.offset()).isEqualTo(ack.offset());
              assertThat(stored.conversation()).isEqualTo(ack.conversation());
            });
  }

  private List<Ack> appendAndKill(int acksBeforeKill) throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                AppendUntilKilled.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<Ack> acks = new ArrayList<>();
    try (BufferedReader output = child.inputReader()) {
      boolean killed = false;
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        // The kill may cut the last line short: it counts with its dot only.
        String[] words = line.split(" ");
        if (words.length == 5 && words[0].equals("ack") && words[4].equals(".")) {
          acks.add(new Ack(words[1], Long.parseLong(words[2]), words[3]));
        }
        if (!killed && acks.size() >= acksBeforeKill) {
          // Through its handle, which leaves its output readable to the end.
          killed = child.toHandle().destroyForcibly();
        }
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
    return acks;
  }

  private Map<String, List<Message>> logs() {
    StoreConfig config = new StoreConfig("sqlite", directory, 100, 1, Duration.ZERO, 0);
    SqliteStore store = SqliteStore.open(config, Clock.systemUTC());
    Map<String, List<Message>> logs = new HashMap<>();
    for (int i = 0; i < 7; i++) {
      LogPage page = StoreContract.await(store.messages().readAfter("r:" + i, 0, 1_000_000));
      assertThat(page.head()).isEqualTo(page.messages().size());
      logs.put("r:" + i, page.messages());
    }
    StoreContract.await(store.close());
    return logs;
  }
}
