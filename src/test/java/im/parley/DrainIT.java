package im.parley;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.ChatClient;
import im.parley.testing.ChildNode;
import im.parley.testing.LeakWatch;
import im.parley.testing.RawWebSocket;
import im.parley.testing.TestNode;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that are asked to stop while clients use them. */
@ExtendWith(LeakWatch.class)
class DrainIT {
  @TempDir Path data;

  @Test
  void every_client_is_told_when_and_closed_by_then_and_no_new_one_comes_in() throws Exception {
    List<ChatClient> natives = new ArrayList<>();
    List<ChatClient> prims = new ArrayList<>();
    try (TestNode node = TestNode.start(data, "drain.grace=2s")) {
      for (int i = 0; i < 60; i++) {
        natives.add(ChatClient.login(node.wsPort(), "user" + i, ""));
        ChatClient prim = new ChatClient(node.wsPort());
        prim.ask("login", new JsonObject().put("userID", "p" + i).put("appID", 104));
        prims.add(prim);
      }
      long start = System.nanoTime();
      Future<Void> stopped = node.stop();
      try (RawWebSocket late = RawWebSocket.connect(node.wsPort())) {
        late.send(RawWebSocket.upgradeRequest());
        assertThat(late.readHead()).startsWith("HTTP/1.1 503 ").contains("etry-");
      } catch (IOException closedAlready) {
        assertThat(stopped.isComplete()).isTrue();
      }
      Set<Long> moments = new TreeSet<>();
      for (ChatClient client : natives) {
        long after = client.push("drain").getLong("afterMs");
        assertThat(after).isBetween(0L, 2_000L);
        moments.add(after);
        assertThat(client.closeCode()).isEqualTo(4000);
      }
      assertThat(moments).as("spread over the grace").hasSizeGreaterThan(5);
      for (ChatClient client : prims) {
        assertThat(client.closeCode()).isEqualTo(1001);
      }
      stopped.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
      assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)).isLessThan(30);
    } finally {
      natives.forEach(ChatClient::close);
      prims.forEach(ChatClient::close);
    }
  }

  @Test
  void a_client_that_answers_no_close_does_not_hold_the_node() throws Exception {
    try (TestNode node = TestNode.start(data);
        RawWebSocket mute = RawWebSocket.openSmall(node.wsPort())) {
      mute.sendText("{\"seq\":\"1\",\"action\":\"login\",\"data\":{\"v\":1,\"userId\":\"mute\"}}");
      assertThat(mute.readText()).contains("Success");
      node.close();
      assertThat(mute.readClose().closeCode()).isEqualTo(4000);
    }
  }

  @Test
  void sends_in_flight_are_stored_once_whether_acknowledged_or_retried() throws Exception {
    int sent = 0;
    int acknowledged = 0;
    try (ChildNode node = ChildNode.start(data, "drain.grace=300ms")) {
      ChatClient sender = ChatClient.login(node.wsPort(), "amy", "");
      Terminator terminator = new Terminator(node);
      try (sender) {
        while (true) {
          for (int i = 0; i < 20; i++) {
            sender.post("send", ChatClient.message("ben", "c" + sent++, "text"));
          }
          if (sent == 2_000) {
            terminator.start();
          }
          for (int i = 0; i < 20; ) {
            JsonObject frame = sender.frameOrEnd();
            if (frame == null) {
              throw new CompletionException(new IOException("closed"));
            }
            if (frame.getString("action").equals("send")) {
              assertThat(frame.getJsonObject("response").getInteger("code")).isEqualTo(200);
              i++;
              acknowledged++;
            }
          }
        }
      } catch (CompletionException gone) {
        assertThat(acknowledged).isGreaterThanOrEqualTo(1_980);
      }
      assertThat(terminator.exitCode()).isZero();
    }
    try (ChildNode node = ChildNode.start(data);
        ChatClient sender = ChatClient.login(node.wsPort(), "amy", "");
        ChatClient receiver = ChatClient.login(node.wsPort(), "ben", "")) {
      int stored = receiver.syncAll().size();
      assertThat(stored).isBetween(acknowledged, sent);
      for (int i = Math.max(0, acknowledged - 20); i < sent; i++) {
        JsonObject reply = sender.send("ben", "c" + i, "text");
        assertThat(reply.getBoolean("duplicate")).isEqualTo(i < stored);
        assertThat(reply.getLong("offset")).isEqualTo(i + 1L);
      }
      assertThat(receiver.syncAll()).hasSize(sent);
    }
  }

  /** Asks a node to stop from a thread of its own. */
  private static final class Terminator extends Thread {
    private final ChildNode node;
    private int exitCode = -1;

    Terminator(ChildNode node) {
      this.node = node;
    }

    @Override
    public void run() {
      try {
        exitCode = node.terminate();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    int exitCode() throws InterruptedException {
      join();
      return exitCode;
    }
  }
}
