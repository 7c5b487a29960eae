package im.parley;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.ChatClient;
import im.parley.testing.ChildNode;
import im.parley.testing.Http;
import im.parley.testing.LeakWatch;
import im.parley.testing.RawWebSocket;
import im.parley.testing.TestNode;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
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
        JsonObject drain = client.push("drain");
        long after = drain.getLong("afterMs");
        assertThat(after).isBetween(0L, 2_000L);
        assertThat(drain.containsKey("gateway")).as("there is no other node").isFalse();
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
  void readiness_fails_first_and_clients_are_taken_in_until_the_notice_is_over() throws Exception {
    try (TestNode node = TestNode.start(data, "drain.notice=3s", "drain.grace=1s");
        ChatClient before = ChatClient.login(node.wsPort(), "amy", "")) {
      assertThat(ready(node)).isEqualTo(200);
      assertThat(drain(node).getString("phase")).isEqualTo("none");
      assertThat(node.metric("parley_draining")).isZero();

      Future<Void> stopped = node.stop();

      assertThat(ready(node)).isEqualTo(503);
      assertThat(node.metric("parley_draining")).isEqualTo(1);
      try (ChatClient late = ChatClient.login(node.wsPort(), "ben", "")) {
        late.send("amy", "c", "still here");
        assertThat(before.push("msg").getString("msg")).isEqualTo("still here");
        JsonObject notice = drain(node);
        assertThat(notice.getString("phase")).isEqualTo("notice");
        assertThat(notice.getInteger("left")).isEqualTo(2);
        assertThat(notice.getLong("remainingMs")).isBetween(1_000L, 4_000L);
        assertThat(late.push("drain").getLong("afterMs")).isNotNegative();
        assertThat(late.closeCode()).isEqualTo(4000);
      }
      assertThat(before.closeCode()).isEqualTo(4000);
      TestNode.await(stopped);
    }
  }

  @Test
  void closes_are_no_faster_than_the_rate_and_operators_see_how_far_they_are() throws Exception {
    List<ChatClient> clients = new ArrayList<>();
    try (TestNode node = TestNode.start(data, "drain.grace=0s", "drain.rate=20")) {
      for (int i = 0; i < 60; i++) {
        clients.add(ChatClient.login(node.wsPort(), "user" + i, ""));
      }
      node.awaitMetric("parley_connections", connections -> connections == 60);

      Future<Void> stopped = node.stop();

      JsonObject closing =
          TestNode.await(
              () -> drain(node),
              progress -> progress.getString("phase").equals("closing"),
              "the drain");
      assertThat(closing.getInteger("connections")).isEqualTo(60);
      assertThat(closing.getInteger("left")).isBetween(1, 60);
      assertThat(closing.getLong("remainingMs")).isBetween(1L, 3_000L);
      assertThat(ready(node)).isEqualTo(503);
      List<Long> moments = new ArrayList<>();
      for (ChatClient client : clients) {
        moments.add(client.push("drain").getLong("afterMs"));
      }
      // One loop's last close is told for the end of the 3 s, but for rounding up what is closed at
      // once.
      assertThat(moments).allMatch(after -> after <= 3_000).anyMatch(after -> after > 500);
      TestNode.await(stopped);
    } finally {
      clients.forEach(ChatClient::close);
    }
  }

  @Test
  void a_drain_ends_when_everybody_has_gone() throws Exception {
    try (TestNode node = TestNode.start(data, "drain.grace=1h");
        ChatClient amy = ChatClient.login(node.wsPort(), "amy", "");
        ChatClient ben = ChatClient.login(node.wsPort(), "ben", "")) {
      Future<Void> stopped = node.stop();
      amy.push("drain");
      amy.close();
      ben.push("drain");
      ben.close();
      TestNode.await(stopped);
    }
  }

  @Test
  void more_clients_than_one_slice_of_a_loop_holds_are_all_told_and_closed() throws Exception {
    List<ChatClient> clients = new ArrayList<>();
    try (TestNode node = TestNode.start(data, "server.event-loops=1", "drain.grace=1s")) {
      for (int i = 0; i < 600; i++) {
        clients.add(ChatClient.login(node.wsPort(), "user" + i, ""));
      }
      Future<Void> stopped = node.stop();
      for (ChatClient client : clients) {
        assertThat(client.push("drain").getLong("afterMs")).isBetween(0L, 1_000L);
        assertThat(client.closeCode()).isEqualTo(4000);
      }
      TestNode.await(stopped);
    } finally {
      clients.forEach(ChatClient::close);
    }
  }

  private static int ready(TestNode node) {
    return Http.get(admin(node, "/health/ready")).statusCode();
  }

  private static JsonObject drain(TestNode node) {
    return new JsonObject(Http.get(admin(node, "/admin/state")).body())
        .getJsonObject("data")
        .getJsonObject("drain");
  }

  private static URI admin(TestNode node, String path) {
    return URI.create("http://127.0.0.1:" + node.adminPort() + path);
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
