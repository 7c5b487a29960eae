package im.parley;

import static im.parley.testing.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.ChatClient;
import im.parley.testing.ChildNode;
import im.parley.testing.TestCluster;
import im.parley.testing.TestNode;
import im.parley.testing.Waiting;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users of different nodes are users of one server. */
class ClusterIT {
  @TempDir static Path data;
  private static TestCluster cluster;
  private static TestNode one;
  private static TestNode two;

  @BeforeAll
  static void start() throws Exception {
    cluster = new TestCluster(data, 3);
    one = cluster.node(0, "sessions.offline-grace=0s");
    two = cluster.node(1, "sessions.offline-grace=0s");
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  @Test
  void a_message_reaches_the_recipients_node() {
    try (ChatClient amy = ChatClient.login(one.wsPort(), "m-amy", "a");
        ChatClient bob = ChatClient.login(two.wsPort(), "m-bob", "b")) {
      JsonObject ack = amy.send("m-bob", "c1", "hi");
      JsonObject got = bob.push("msg");
      assertThat(got.getString("id")).isEqualTo(ack.getString("id"));
      assertThat(got.getString("msg")).isEqualTo("hi");
      bob.send("m-amy", "c2", "hello");
      assertThat(amy.push("msg").getLong("offset")).isEqualTo(2);
    }
  }

  @Test
  void another_device_of_the_sender_on_another_node_gets_it_too() {
    try (ChatClient phone = ChatClient.login(one.wsPort(), "d-amy", "phone");
        ChatClient laptop = ChatClient.login(two.wsPort(), "d-amy", "laptop")) {
      phone.send("d-bob", "c1", "hi");
      assertThat(laptop.push("msg").getString("cid")).isEqualTo("c1");
    }
  }

  @Test
  void a_rooms_members_hear_each_other_from_all_nodes() {
    try (ChatClient amy = ChatClient.login(one.wsPort(), "r-amy", "a");
        ChatClient bob = ChatClient.login(two.wsPort(), "r-bob", "b");
        ChatClient cat = ChatClient.login(two.wsPort(), "r-cat", "c")) {
      amy.ask(
          "room.create",
          new JsonObject().put("room", "lunch").put("members", new JsonArray().add("r-bob")));
      assertThat(bob.push("room").getString("event")).isEqualTo("create");
      assertThat(amy.push("room").getString("event")).isEqualTo("create");
      cat.ask("room.join", new JsonObject().put("room", "lunch"));
      assertThat(amy.push("room").getString("user")).isEqualTo("r-cat");
      cat.ask("send", toRoom("lunch", "c1"));
      assertThat(amy.push("msg").getString("cid")).isEqualTo("c1");
      assertThat(bob.push("msg").getString("cid")).isEqualTo("c1");
      bob.ask("room.leave", new JsonObject().put("room", "lunch"));
      assertThat(amy.push("room").getString("event")).isEqualTo("leave");
    }
  }

  @Test
  void of_one_device_on_two_nodes_the_later_login_stays() {
    try (ChatClient first = ChatClient.login(one.wsPort(), "s-amy", "phone");
        ChatClient second = ChatClient.login(two.wsPort(), "s-amy", "phone")) {
      // The second was answered only after the first had gone.
      assertThat(first.push("kick").getInteger("code")).isEqualTo(4500);
      assertThat(first.closeCode()).isEqualTo(4500);
      second.ask("heartbeat", new JsonObject());
    }
  }

  @Test
  void both_readers_see_a_conversation_that_both_nodes_write_in_one_order() {
    int each = 200;
    try (ChatClient amy = ChatClient.login(one.wsPort(), "o-amy", "a");
        ChatClient bob = ChatClient.login(two.wsPort(), "o-bob", "b");
        ChatClient amyToo = ChatClient.login(two.wsPort(), "o-amy", "a2");
        ChatClient bobToo = ChatClient.login(one.wsPort(), "o-bob", "b2")) {
      amy.send("o-bob", "first", "x");
      assertThat(amyToo.push("msg").getLong("offset")).isEqualTo(1);
      assertThat(bobToo.push("msg").getLong("offset")).isEqualTo(1);
      for (int i = 0; i < each; i++) {
        amy.post("send", ChatClient.message("o-bob", "a" + i, "x"));
        bob.post("send", ChatClient.message("o-amy", "b" + i, "x"));
      }
      for (ChatClient reader : List.of(amyToo, bobToo)) {
        for (long offset = 2; offset <= 2 * each + 1; offset++) {
          assertThat(reader.push("msg").getLong("offset")).isEqualTo(offset);
        }
      }
    }
  }

  @Test
  void presence_is_known_and_watched_across_nodes() {
    try (ChatClient amy = ChatClient.login(one.wsPort(), "p-amy", "a")) {
      JsonObject users = new JsonObject().put("users", new JsonArray().add("p-bob"));
      assertThat(online(amy.ask("watch", users))).isFalse();
      try (ChatClient bob = ChatClient.login(two.wsPort(), "p-bob", "b")) {
        assertThat(amy.push("presence").getBoolean("online")).isTrue();
        assertThat(online(amy.ask("presence", users))).isTrue();
        bob.ask("heartbeat", new JsonObject());
      }
      assertThat(amy.push("presence").getBoolean("online")).isFalse();
    }
  }

  @Test
  void prims_lists_and_sends_work_from_any_node() throws Exception {
    try (ChatClient amy = new ChatClient(one.wsPort());
        ChatClient bob = new ChatClient(two.wsPort())) {
      primLogin(amy, "q-amy");
      primLogin(bob, "q-bob");
      for (TestNode node : List.of(one, two)) {
        JsonObject list =
            await(
                () -> node.prim("/user/list?appID=101"),
                users -> users.getInteger("userCount") == 2,
                "the list");
        assertThat(list.getJsonArray("userList")).containsExactlyInAnyOrder("q-amy", "q-bob");
        await(
            () -> node.prim("/user/online?appID=101&userID=q-bob").getBoolean("online"),
            online -> online,
            "bob");
      }
      Map<String, String> message =
          Map.of("appID", "101", "userID", "q-bob", "msgID", "one", "message", "hi");
      assertThat(one.primPost("/user/sendMessage", message).getBoolean("sendResults")).isTrue();
      assertThat(bob.push("msg").getString("msg")).isEqualTo("hi");
      assertThat(two.primPost("/user/sendMessage", message).getMap()).isEmpty();
    }
  }

  @Test
  void the_users_of_a_killed_node_are_offline_and_its_clients_can_come_back_elsewhere()
      throws Exception {
    try (ChildNode three = cluster.child(2);
        ChatClient amy = ChatClient.login(one.wsPort(), "k-amy", "a")) {
      JsonObject users = new JsonObject().put("users", new JsonArray().add("k-bob"));
      ChatClient.login(three.wsPort(), "k-bob", "b");
      assertThat(online(amy.ask("watch", users))).isTrue();

      three.kill();

      amy.awaitPresence(false);
      assertThat(online(amy.ask("presence", users))).isFalse();
      amy.send("k-bob", "c1", "are you there?");
      try (ChatClient bob = new ChatClient(two.wsPort())) {
        // That node may hear of the end a moment later, and is busy with asking until then.
        Waiting.until(
            "bob is in", () -> isIn(bob.code("login", ChatClient.loginData("k-bob", "b"))));
        assertThat(bob.syncAll()).extracting(each -> each.getString("cid")).containsExactly("c1");
        amy.send("k-bob", "c2", "again");
        assertThat(bob.push("msg").getString("cid")).isEqualTo("c2");
      }
    }
  }

  private static boolean isIn(int code) {
    assertThat(code).isIn(200, 1106);
    return code == 200;
  }

  private static void primLogin(ChatClient client, String user) {
    client.ask(
        "login", new JsonObject().put("userID", user).put("appID", 101).put("serviceToken", ""));
  }

  private static JsonObject toRoom(String room, String cid) {
    return new JsonObject()
        .put("to", new JsonObject().put("room", room))
        .put("cid", cid)
        .put("type", "text")
        .put("msg", "x");
  }

  private static boolean online(JsonObject states) {
    return states.getJsonArray("users").getJsonObject(0).getBoolean("online");
  }
}
