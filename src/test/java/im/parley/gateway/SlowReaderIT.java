package im.parley.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.ChatClient;
import im.parley.testing.LeakWatch;
import im.parley.testing.RawWebSocket;
import im.parley.testing.TestNode;
import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Clients that stop reading while others go on. */
@ExtendWith(LeakWatch.class)
class SlowReaderIT {
  private static final String SLOW = "parley_closed_total{code=\"SLOW_READER\"}";
  private static final String DROPPED = "parley_pushes_dropped_total";
  private static final String TEXT = "x".repeat(15_000);
  private static final int BATCH = 10; // sends between two looks at the metrics
  private static final int MAX_SENDS = 4_000; // 60 MB: more than any socket buffers
  private static final int PING_BURSTS = 80;
  private static final long MEMORY = 64L << 20; // what the pool may grow by: chunks, not messages

  @TempDir static Path data;
  private static TestNode node;

  @BeforeAll
  static void start() throws Exception {
    node =
        TestNode.start(
            data, "gateway.soft-budget-bytes=100000", "gateway.hard-budget-bytes=1500000", "sessions.offline-grace=0s");
  }

  @AfterAll
  static void stop() throws Exception {
    node.close();
  }

  @Test
  void one_loses_hints_first_then_its_connection_but_no_message_and_the_others_nothing() throws Exception {
    double closed = node.metric(SLOW);
    double dropped = node.metric(DROPPED);
    long memory = memory();
    int sent = 0;
    try (ChatClient sender = ChatClient.login(node.wsPort(), "amy", "");
        ChatClient reader = ChatClient.login(node.wsPort(), "ben", "");
        RawWebSocket stalled = RawWebSocket.openSmall(node.wsPort())) {
      stalled.sendText(login("cat"));
      assertThat(stalled.readText()).contains("Success");
      room(sender, "slow", "ben", "cat");
      // Fills the sockets, then the budget, until the first hint is left out.
      while (node.metric(DROPPED) == dropped && sent < MAX_SENDS) {
        for (int i = 0; i < BATCH; i++) {
          sendToRoom(sender, "slow", sent++);
        }
        sender.ask("typing", new JsonObject().put("conversation", "room:slow"));
      }
      assertThat(node.metric(DROPPED)).isGreaterThan(dropped);
      assertThat(node.metric(SLOW)).as("closed as soon as hints are dropped").isEqualTo(closed);
      while (node.metric(SLOW) == closed && sent < MAX_SENDS) {
        for (int i = 0; i < BATCH; i++) {
          sendToRoom(sender, "slow", sent++);
        }
      }
      assertThat(node.metric(SLOW)).isEqualTo(closed + 1);
      assertThat(memory() - memory).isLessThan(MEMORY);
      for (int i = 0; i < sent; i++) {
        assertThat(reader.push("msg").getLong("offset")).isEqualTo(i + 1L);
      }
      assertThat(reader.push("typing").getString("user")).isEqualTo("amy");
    }
    try (ChatClient again = ChatClient.login(node.wsPort(), "cat", "")) {
      assertThat(again.syncAll()).extracting(message -> message.getString("cid")).isEqualTo(cids(sent));
    }
  }

  @Test
  void one_that_reads_on_finds_all_that_was_sent_before_and_the_reason_at_the_end() throws Exception {
    double closed = node.metric(SLOW);
    int sent = 0;
    try (ChatClient sender = ChatClient.login(node.wsPort(), "dot", "");
        RawWebSocket stalled = RawWebSocket.openSmall(node.wsPort())) {
      stalled.sendText(login("eli"));
      assertThat(stalled.readText()).contains("Success");
      while (node.metric(SLOW) == closed && sent < MAX_SENDS) {
        for (int i = 0; i < BATCH; i++) {
          sender.send("eli", "d" + sent++, TEXT);
        }
      }
      long offset = 0;
      RawWebSocket.Frame frame = stalled.read();
      for (; frame.opcode() == RawWebSocket.TEXT; frame = stalled.read()) {
        JsonObject push = new JsonObject(frame.text()).getJsonObject("response").getJsonObject("data");
        assertThat(push.getLong("offset")).isEqualTo(++offset);
      }
      assertThat(frame.closeCode()).isEqualTo(4001);
      assertThat(offset).isBetween(1L, (long) sent);
    }
  }

  @Test
  void one_of_prims_is_closed_and_the_lobby_goes_on() throws Exception {
    double closed = node.metric(SLOW);
    long memory = memory();
    try (ChatClient reader = new ChatClient(node.wsPort());
        RawWebSocket stalled = RawWebSocket.openSmall(node.wsPort())) {
      assertThat(reader.code("login", primLogin("reader"))).isEqualTo(200);
      stalled.sendText(new JsonObject().put("seq", "1").put("cmd", "login").put("data", primLogin("stalled")).encode());
      assertThat(stalled.readText()).contains("Success");
      assertThat(reader.push("enter").getString("from")).isEqualTo("stalled");
      int sent = 0;
      while (node.metric(SLOW) == closed && sent < MAX_SENDS) {
        for (int i = 0; i < BATCH; i++) {
          node.primPost(
              "/user/sendMessageAll",
              Map.of("appID", "103", "userID", "outsider", "msgID", "slow-" + sent++, "message", TEXT));
        }
      }
      assertThat(node.metric(SLOW)).isEqualTo(closed + 1);
      assertThat(memory() - memory).isLessThan(MEMORY);
      for (int i = 0; i < sent; i++) {
        assertThat(reader.push("msg").getString("msg")).isEqualTo(TEXT);
      }
      // Its budget is free again as soon as it is cut off, which it cannot put off by not answering.
      assertThat(reader.push("exit").getString("from")).isEqualTo("stalled");
    }
  }

  @Test
  void one_that_asks_without_reading_the_answers_is_closed() throws Exception {
    double closed = node.metric(SLOW);
    try (RawWebSocket stalled = RawWebSocket.openSmall(node.wsPort())) {
      String seq = "s".repeat(10_000);
      boolean taken = true;
      for (int i = 0; i < MAX_SENDS && taken; i++) {
        taken = sends(stalled, "{\"seq\":\"" + seq + "\",\"action\":\"ping\"}");
      }
      node.awaitMetric(SLOW, now -> now == closed + 1);
    }
  }

  @Test
  void one_that_sends_control_pings_without_reading_costs_no_memory() throws Exception {
    double closed = node.metric(SLOW);
    long memory = memory();
    try (RawWebSocket stalled = RawWebSocket.openSmall(node.wsPort())) {
      byte[] ping = RawWebSocket.frame(RawWebSocket.FIN | RawWebSocket.PING, "p".repeat(125));
      byte[] burst = new byte[ping.length * 1000];
      for (int i = 0; i < 1000; i++) {
        System.arraycopy(ping, 0, burst, i * ping.length, ping.length);
      }
      for (int i = 0; i < PING_BURSTS; i++) { // more than any socket buffers of pongs
        stalled.send(burst);
      }
      stalled.sendText("{\"seq\":\"end\",\"action\":\"ping\"}");
      int pongs = 0;
      RawWebSocket.Frame frame = stalled.read();
      for (; frame.opcode() == RawWebSocket.PONG; frame = stalled.read()) {
        pongs++;
      }
      assertThat(frame.text()).contains("\"end\"");
      assertThat(pongs).isBetween(1, PING_BURSTS * 1000 - 1);
      assertThat(memory() - memory).isLessThan(MEMORY);
      assertThat(node.metric(SLOW)).isEqualTo(closed);
    }
  }

  private static boolean sends(RawWebSocket client, String text) throws IOException {
    try {
      client.sendText(text);
      return true;
    } catch (SocketException | EOFException cutOff) {
      return false;
    }
  }

  private static long memory() {
    return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
  }

  private static void room(ChatClient owner, String room, String... members) {
    owner.ask("room.create", new JsonObject().put("room", room).put("members", new JsonArray(List.of(members))));
  }

  private static void sendToRoom(ChatClient sender, String room, int number) {
    JsonObject message = ChatClient.message("", "m" + number, TEXT);
    sender.ask("send", message.put("to", new JsonObject().put("room", room)));
  }

  private static List<String> cids(int count) {
    return IntStream.range(0, count).mapToObj(i -> "m" + i).toList();
  }

  private static String login(String user) {
    return new JsonObject()
        .put("seq", "1")
        .put("action", "login")
        .put("data", ChatClient.loginData(user, ""))
        .encode();
  }

  private static JsonObject primLogin(String user) {
    return new JsonObject().put("userID", user).put("appID", 103);
  }
}
