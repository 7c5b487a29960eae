package im.parley.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.ChatClient;
import im.parley.testing.LeakWatch;
import im.parley.testing.RawWebSocket;
import im.parley.testing.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each limit, reached: what its client is told, what is counted, and that others do not notice. */
@ExtendWith(LeakWatch.class)
class LimitsIT {
  @TempDir Path data;

  @ParameterizedTest
  @CsvSource({
    "gateway.max-connections,503,parley_connections_refused_total",
    "gateway.max-connections-per-address,429,parley_connections_refused_address_total"
  })
  void a_connection_too_many_is_told_to_come_back(String limit, int status, String metric)
      throws Exception {
    try (TestNode node = TestNode.start(data, limit + "=3")) {
      List<RawWebSocket> open = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        open.add(RawWebSocket.open(node.wsPort()));
        node.awaitMetric("parley_connections", connections -> connections == open.size());
      }
      try (RawWebSocket refused = RawWebSocket.connect(node.wsPort())) {
        refused.send(RawWebSocket.upgradeRequest());
        assertThat(refused.readHead().toLowerCase())
            .startsWith("http/1.1 " + status + " ")
            .containsPattern("retry-after: \\d+\r\n");
      }
      assertThat(node.metric(metric)).isEqualTo(1);
      open.remove(0).close();
      node.awaitMetric("parley_connections", connections -> connections == 2);
      open.add(RawWebSocket.open(node.wsPort()));
      for (RawWebSocket client : open) {
        client.sendText("{\"seq\":\"1\",\"action\":\"ping\"}");
        assertThat(client.readText()).contains("pong");
        client.close();
      }
    }
  }

  @Test
  void what_is_too_large_is_refused_and_what_just_fits_is_not() throws Exception {
    try (TestNode node =
        TestNode.start(data, "chat.max-body-bytes=100", "gateway.max-frame-bytes=1000")) {
      try (ChatClient client = ChatClient.login(node.wsPort(), "amy", "")) {
        client.send("ben", "fits", "x".repeat(90)); // and {"msg":""} is the rest
        assertThat(client.code("send", ChatClient.message("ben", "c", "x".repeat(91))))
            .isEqualTo(1104);
        assertThat(client.code("send", ChatClient.message("ben", "c", "字".repeat(31))))
            .isEqualTo(1104);
        assertThat(node.metric("parley_refused_total{code=\"TOO_LARGE\"}")).isEqualTo(2);
        client.raw("{\"seq\":\"p\",\"action\":\"ping\",\"data\":\"" + "x".repeat(963) + "\"}");
        assertThat(client.await(frame -> "p".equals(frame.getString("seq")))).isNotNull();
        client.raw(" ".repeat(1001));
        assertThat(client.closeCode()).isEqualTo(1009);
        assertThat(node.metric("parley_closed_total{code=\"TOO_BIG\"}")).isEqualTo(1);
      }
    }
  }

  @Test
  void requests_beyond_the_rate_are_refused_and_later_ones_are_not() throws Exception {
    try (TestNode node = TestNode.start(data, "gateway.max-requests-per-second=20");
        ChatClient client = ChatClient.login(node.wsPort(), "amy", "");
        ChatClient other = ChatClient.login(node.wsPort(), "ben", "")) {
      Set<String> asked = new HashSet<>();
      for (int i = 0; i < 100; i++) {
        asked.add(client.post("ping", null));
      }
      int refused = 0;
      while (!asked.isEmpty()) {
        JsonObject reply = client.await(frame -> asked.contains(frame.getString("seq")));
        asked.remove(reply.getString("seq"));
        JsonObject response = reply.getJsonObject("response");
        if (response.getInteger("code") != 200) {
          assertThat(response.getInteger("code")).isEqualTo(1105);
          assertThat(response.getJsonObject("data").getInteger("retryAfterMs")).isPositive();
          refused++;
        }
      }
      assertThat(refused).isBetween(20, 81);
      assertThat(node.metric("parley_refused_total{code=\"RATE_LIMITED\"}")).isEqualTo(refused);
      assertThat(other.code("ping", null)).isEqualTo(200);
      TestNode.await(() -> client.code("ping", null), code -> code == 200, "a later ping");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"action\":\"ping\"}", "{\"action\":\"send\"}", "garbage"})
  void requests_beyond_the_rate_without_a_login_end_the_connection(String text) throws Exception {
    try (TestNode node = TestNode.start(data, "gateway.max-requests-per-second=20");
        RawWebSocket client = RawWebSocket.open(node.wsPort())) {
      byte[] frame = RawWebSocket.frame(RawWebSocket.FIN | RawWebSocket.TEXT, text);
      for (int i = 0; i < 100; i++) {
        client.send(frame);
      }
      assertThat(client.readClose().closeCode()).isEqualTo(4504);
      assertThat(node.metric("parley_closed_total{code=\"ABUSE\"}")).isEqualTo(1);
    }
  }

  @Test
  void a_client_with_too_many_unanswered_requests_is_read_later_and_loses_none() throws Exception {
    try (TestNode node = TestNode.start(data, "gateway.max-pending-requests=4");
        ChatClient client = ChatClient.login(node.wsPort(), "amy", "")) {
      List<String> asked = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        asked.add(client.post("send", ChatClient.message("ben", "c" + i, "text")));
      }
      for (int i = 0; i < 1_000; i++) {
        JsonObject reply = client.await(frame -> "send".equals(frame.getString("action")));
        assertThat(reply.getString("seq")).isEqualTo(asked.get(i));
        assertThat(reply.getJsonObject("response").getJsonObject("data").getInteger("offset"))
            .isEqualTo(i + 1);
      }
      assertThat(node.metric("parley_connections_paused_total")).isPositive();
    }
  }

  @Test
  void the_oldest_session_of_a_user_makes_room() throws Exception {
    try (TestNode node = TestNode.start(data, "sessions.max-per-user=3")) {
      List<ChatClient> devices = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        devices.add(ChatClient.login(node.wsPort(), "amy", "device" + i));
      }
      for (ChatClient replaced : devices.subList(0, 2)) {
        assertThat(replaced.push("kick").getInteger("code")).isEqualTo(4500);
        assertThat(replaced.closeCode()).isEqualTo(4500);
      }
      devices.get(4).send("amy", "c", "to my others");
      assertThat(devices.get(2).push("msg").getString("msg")).isEqualTo("to my others");
      assertThat(devices.get(3).push("msg").getString("msg")).isEqualTo("to my others");
      assertThat(node.metric("parley_closed_total{code=\"REPLACED\"}")).isEqualTo(2);
      devices.forEach(ChatClient::close);
    }
  }

  @Test
  void lists_of_people_and_rooms_have_their_limits() throws Exception {
    try (TestNode node =
            TestNode.start(
                data,
                "sessions.max-watched=3",
                "chat.max-rooms-per-user=2",
                "chat.max-room-members=3");
        ChatClient amy = ChatClient.login(node.wsPort(), "amy", "");
        ChatClient eve = ChatClient.login(node.wsPort(), "eve", "")) {
      assertThat(amy.code("watch", users("a", "b", "c", "d"))).isEqualTo(1104);
      assertThat(amy.code("watch", users("a", "b", "c"))).isEqualTo(200);
      assertThat(amy.code("watch", users("a"))).isEqualTo(200);
      assertThat(amy.code("watch", users("d"))).isEqualTo(1104);
      assertThat(amy.code("unwatch", users("a"))).isEqualTo(200);
      assertThat(amy.code("watch", users("d"))).isEqualTo(200);

      assertThat(amy.code("room.create", room("r1").put("members", array("b", "c", "d"))))
          .isEqualTo(1104);
      assertThat(amy.code("room.create", room("r1").put("members", array("b", "c"))))
          .isEqualTo(200);
      assertThat(eve.code("room.join", room("r1"))).isEqualTo(1104);
      assertThat(amy.code("room.create", room("r2"))).isEqualTo(200);
      assertThat(amy.code("room.create", room("r3"))).isEqualTo(1104);
      assertThat(eve.code("room.create", room("r4"))).isEqualTo(200);
      assertThat(amy.code("room.join", room("r4"))).isEqualTo(1104);
      assertThat(amy.code("room.leave", room("r2"))).isEqualTo(200);
      assertThat(amy.code("room.join", room("r4"))).isEqualTo(200);
    }
  }

  @Test
  void a_full_store_queue_is_busy_and_a_retry_stores_each_message_once() throws Exception {
    try (TestNode node = TestNode.start(data, "store.queue=2")) {
      int senders = 4;
      int each = 100;
      List<ChatClient> clients = new ArrayList<>();
      List<Deque<Integer>> toDo = new ArrayList<>();
      for (int s = 0; s < senders; s++) {
        clients.add(ChatClient.login(node.wsPort(), "sender" + s, ""));
        Deque<Integer> numbers = new ArrayDeque<>();
        for (int i = 0; i < each; i++) {
          numbers.add(i);
        }
        toDo.add(numbers);
      }
      int busy = 0;
      for (int round = 0; toDo.stream().anyMatch(numbers -> !numbers.isEmpty()); round++) {
        assertThat(round).as("rounds of retries").isLessThan(500);
        List<Map<String, Integer>> asked = new ArrayList<>();
        for (int s = 0; s < senders; s++) {
          Map<String, Integer> seqs = new HashMap<>();
          for (int i : toDo.get(s)) {
            seqs.put(clients.get(s).post("send", ChatClient.message("ben", "c" + i, "text")), i);
          }
          asked.add(seqs);
        }
        for (int s = 0; s < senders; s++) {
          Map<String, Integer> seqs = asked.get(s);
          while (!seqs.isEmpty()) {
            JsonObject reply =
                clients.get(s).await(frame -> seqs.containsKey(frame.getString("seq")));
            Integer number = seqs.remove(reply.getString("seq"));
            JsonObject response = reply.getJsonObject("response");
            if (response.getInteger("code") == 200) {
              assertThat(response.getJsonObject("data").getBoolean("duplicate")).isFalse();
              toDo.get(s).remove(number);
            } else {
              assertThat(response.getInteger("code")).isEqualTo(1106);
              assertThat(response.getJsonObject("data").getInteger("retryAfterMs")).isPositive();
              busy++;
            }
          }
        }
      }
      assertThat(busy).isPositive();
      assertThat(node.metric("parley_refused_total{code=\"BUSY\"}")).isGreaterThanOrEqualTo(busy);
      assertThat(node.metric("parley_store_refused_total{cause=\"busy\"}")).isEqualTo(busy);
      clients.forEach(ChatClient::close);
      try (ChatClient ben = ChatClient.login(node.wsPort(), "ben", "")) {
        assertThat(ben.syncAll()).hasSize(senders * each);
      }
    }
  }

  private static JsonObject users(String... users) {
    return new JsonObject().put("users", array(users));
  }

  private static JsonObject room(String room) {
    return new JsonObject().put("room", room);
  }

  private static JsonArray array(String... items) {
    return new JsonArray(List.of(items));
  }
}
