package im.parley.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.ChatClient;
import im.parley.testing.LeakWatch;
import im.parley.testing.RawWebSocket;
import im.parley.testing.TestNode;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What prim's clients rely on and vectors cannot show. */
@ExtendWith(LeakWatch.class)
class PrimIT {
  @TempDir static Path data;
  private static TestNode node;

  @BeforeAll
  static void start() throws Exception {
    node = TestNode.start(data, "chat.lobby-announce-limit=4");
  }

  @AfterAll
  static void stop() throws Exception {
    node.close();
  }

  @Test
  void an_older_connection_of_an_identity_stays_open_and_hears_nothing_and_leaves_unheard()
      throws Exception {
    try (ChatClient observer = in("observer", 101)) {
      ChatClient older = in("twin", 101);
      assertThat(observer.push("enter").getString("from")).isEqualTo("twin");
      ChatClient newer = in("twin", 101);
      assertThat(observer.push("enter").getString("from")).isEqualTo("twin");
      toAll(101, "first");
      assertThat(newer.push("msg").getString("msg")).isEqualTo("first");
      assertThat(observer.push("msg").getString("msg")).isEqualTo("first");
      // Its requests are answered, and that answer is the next it gets.
      assertThat(older.frameOrEndAfter("heartbeat", new JsonObject()).getString("action"))
          .isEqualTo("heartbeat");
      assertThat(older.code("login", login("twin", 101))).isEqualTo(1009);
      assertThat(node.prim("/user/list?appID=101").getInteger("userCount")).isEqualTo(2);
      older.close();
      node.awaitMetric("parley_sessions{kind=\"prim\"}", sessions -> sessions == 2);
      toAll(101, "second");
      // No exit came before it: the identity lives on in the newer one.
      assertThat(observer.frameOrEnd().encode()).contains("second");
      assertThat(newer.push("msg").getString("msg")).isEqualTo("second");
      assertThat(node.prim("/user/list?appID=101").getInteger("userCount")).isEqualTo(2);
      newer.close();
      assertThat(observer.push("exit").getString("from")).isEqualTo("twin");
      assertThat(node.prim("/user/list?appID=101").getJsonArray("userList"))
          .containsExactly("observer");
    }
  }

  @Test
  void when_the_newer_connection_goes_first_the_identity_is_gone_though_the_older_is_open()
      throws Exception {
    try (ChatClient observer = in("observer", 102);
        ChatClient older = in("twin", 102)) {
      ChatClient newer = in("twin", 102);
      assertThat(observer.push("enter").getString("from")).isEqualTo("twin");
      assertThat(observer.push("enter").getString("from")).isEqualTo("twin");
      newer.close();
      assertThat(observer.push("exit").getString("from")).isEqualTo("twin");
      assertThat(older.code("heartbeat", new JsonObject())).isEqualTo(200);
      assertThat(node.prim("/user/list?appID=102").getJsonArray("userList"))
          .containsExactly("observer");
      assertThat(node.prim("/user/online?appID=102&userID=twin").getBoolean("online")).isFalse();
      assertThat(
              node.primPost("/user/sendMessage", message(102, "twin", "nobody"))
                  .getBoolean("sendResults"))
          .isFalse();
    }
    node.awaitMetric("parley_sessions{kind=\"prim\"}", sessions -> sessions == 0);
  }

  @Test
  void a_lobby_above_the_limit_is_not_told_who_comes_and_goes_but_gets_its_messages()
      throws Exception {
    List<ChatClient> members = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      members.add(in("m" + i, 103));
    }
    for (int i = 1; i < 4; i++) {
      assertThat(members.get(0).push("enter").getString("from")).isEqualTo("m" + i);
    }
    toAll(103, "all");
    assertThat(members.get(0).frameOrEnd().encode())
        .as("no enter of the fifth and later")
        .contains("all");
    for (ChatClient member : members.subList(1, 8)) {
      assertThat(member.push("msg").getString("msg")).isEqualTo("all");
    }
    // As it empties below the limit it is told again.
    for (int i = 7; i > 0; i--) {
      members.remove(i).close();
      int left = i;
      TestNode.await(
          () -> node.prim("/user/list?appID=103").getInteger("userCount"),
          count -> count == left,
          "the lobby");
    }
    assertThat(members.get(0).push("exit").getString("from")).isEqualTo("m4");
    members.get(0).close();
  }

  @Test
  void go_stress_testing_pings_without_a_login_and_then_holds_without_reading() throws Exception {
    List<RawWebSocket> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        RawWebSocket client = RawWebSocket.openSmall(node.wsPort());
        client.sendText("{\"seq\":\"" + i + "_go\",\"cmd\":\"ping\",\"data\":{}}");
        JsonObject reply = new JsonObject(client.readText());
        assertThat(reply.getString("seq")).isEqualTo(i + "_go");
        assertThat(reply.getJsonObject("response").getInteger("code")).isEqualTo(200);
        clients.add(client);
      }
      toAll(101, "nobody of these is in");
      for (RawWebSocket client : clients) {
        client.sendText(
            "{\"seq\":\"again\",\"cmd\":\"ping\",\"data\":{}}"); // its answer stays unread
      }
      try (ChatClient other = in("other", 104)) {
        assertThat(other.code("heartbeat", new JsonObject())).isEqualTo(200);
      }
      node.awaitMetric("parley_connections", connections -> connections == 100);
      for (RawWebSocket client : clients) {
        assertThat(new JsonObject(client.readText()).getString("seq")).isEqualTo("again");
      }
    } finally {
      for (RawWebSocket client : clients) {
        client.close();
      }
    }
  }

  private static ChatClient in(String user, int app) {
    ChatClient client = new ChatClient(node.wsPort());
    assertThat(client.code("login", login(user, app))).isEqualTo(200);
    return client;
  }

  private static JsonObject login(String user, int app) {
    return new JsonObject().put("userID", user).put("appID", app);
  }

  private static void toAll(int app, String text) throws Exception {
    assertThat(
            node.primPost("/user/sendMessageAll", message(app, "outsider", text))
                .getBoolean("sendResults"))
        .isTrue();
  }

  private static Map<String, String> message(int app, String user, String text) {
    return Map.of("appID", "" + app, "userID", user, "msgID", "id-" + app + text, "message", text);
  }
}
