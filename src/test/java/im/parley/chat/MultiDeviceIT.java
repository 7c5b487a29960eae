package im.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.ChatClient;
import im.parley.testing.LeakWatch;
import im.parley.testing.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** People with several devices. */
@ExtendWith(LeakWatch.class)
class MultiDeviceIT {
  @TempDir Path data;

  @Test
  void a_message_reaches_all_devices_of_both_but_the_one_that_sent_it() throws Exception {
    try (TestNode node = TestNode.start(data);
        ChatClient phone = login(node, "amy", "ios", "phone");
        ChatClient tab = login(node, "amy", "web", "tab");
        ChatClient desk = login(node, "ben", "desktop", "");
        ChatClient pad = login(node, "ben", "ios", "")) {
      JsonObject sent = phone.send("ben", "c1", "hi");
      for (ChatClient other : new ChatClient[] {tab, desk, pad}) {
        JsonObject message = other.push("msg");
        assertThat(message.getString("id")).isEqualTo(sent.getString("id"));
        assertThat(message.getString("cid")).isEqualTo("c1");
        assertThat(message.getString("platform")).isEqualTo("ios");
      }
      phone.send("amy", "self", "a note"); // to oneself: once, and on the other device only
      assertThat(tab.push("msg").getString("msg")).isEqualTo("a note");
      desk.send("amy", "c2", "back");
      // The next of each is the newest: nothing came twice, and nothing came back to its sender.
      assertThat(phone.push("msg").getString("msg")).isEqualTo("back");
      assertThat(tab.push("msg").getString("msg")).isEqualTo("back");
      assertThat(pad.push("msg").getString("msg")).isEqualTo("back");
    }
  }

  @Test
  void marks_reach_the_own_other_devices_and_in_a_direct_conversation_the_peer() throws Exception {
    try (TestNode node = TestNode.start(data);
        ChatClient sender = login(node, "amy", "web", "");
        ChatClient phone = login(node, "ben", "ios", "");
        ChatClient desk = login(node, "ben", "desktop", "")) {
      sender.send("ben", "c1", "one");
      sender.send("ben", "c2", "two");
      phone.ask("ack", new JsonObject().put("conversation", "direct:amy:ben").put("read", 2));
      for (ChatClient told : new ChatClient[] {sender, desk}) {
        assertThat(told.push("receipt"))
            .isEqualTo(
                new JsonObject()
                    .put("conversation", "direct:amy:ben")
                    .put("user", "ben")
                    .put("delivered", 2)
                    .put("read", 2));
      }
      sender.ask(
          "room.create",
          new JsonObject().put("room", "r").put("members", new JsonArray().add("ben")));
      sender.ask(
          "send",
          ChatClient.message("", "c3", "three").put("to", new JsonObject().put("room", "r")));
      assertThat(desk.push("msg").getString("msg")).isEqualTo("one");
      desk.ask("ack", new JsonObject().put("conversation", "room:r").put("read", 1));
      assertThat(phone.push("receipt").getString("conversation")).isEqualTo("room:r");
      // The sender is told of the next direct mark, not of that in the room.
      desk.ask("ack", new JsonObject().put("conversation", "direct:amy:ben").put("read", 2));
      sender.send("ben", "c4", "four");
      desk.ask("ack", new JsonObject().put("conversation", "direct:amy:ben").put("read", 3));
      assertThat(sender.push("receipt").getInteger("read")).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // policy, platform and device of the older session, whether web/tab replaces it
    "device,web,tab,true",
    "device,web,tab2,false",
    "device,ios,tab,false",
    "platform,web,tab2,true",
    "platform,ios,tab,false",
    "single,ios,phone,true"
  })
  void the_policy_says_which_older_sessions_a_login_replaces(
      String policy, String platform, String device, boolean replaced) throws Exception {
    try (TestNode node = TestNode.start(data, "sessions.policy=" + policy);
        ChatClient other = login(node, "ben", platform, device);
        ChatClient older = login(node, "amy", platform, device);
        ChatClient newer = login(node, "amy", "web", "tab")) {
      if (replaced) {
        assertThat(older.push("kick"))
            .isEqualTo(
                new JsonObject().put("reason", "replaced by another login").put("code", 4500));
        assertThat(older.closeCode()).isEqualTo(4500);
      }
      other.send("amy", "c1", "who is there");
      assertThat(newer.push("msg").getString("msg")).isEqualTo("who is there");
      if (!replaced) {
        assertThat(older.push("msg").getString("msg")).isEqualTo("who is there");
      }
      assertThat(node.metric("parley_sessions{kind=\"native\"}")).isEqualTo(replaced ? 2 : 3);
    }
  }

  private static ChatClient login(TestNode node, String user, String platform, String device) {
    ChatClient client = new ChatClient(node.wsPort());
    client.ask("login", ChatClient.loginData(user, device).put("platform", platform));
    return client;
  }
}
