package im.parley.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.ChatClient;
import im.parley.testing.LeakWatch;
import im.parley.testing.TestNode;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every field of every action with values of every wrong kind, and JSON that is nearly right. */
@ExtendWith(LeakWatch.class)
class BadFieldsIT {
  private static final String TEXT = "1 1.5 true false {} [] [\"x\"] 1e99 123456789012345678901234567890";
  private static final String WHOLE = "\"1\" 1.5 1e99 true {} [] -1 123456789012345678901234567890";
  private static final String OBJECT = "\"x\" 1 true [] [{}]";
  private static final String LIST = "\"x\" 1 true {} [1] [null] [[]] [\"\"] [\"\\u0000\"] [\"\\ud800\"]";
  private static final String CURSORS =
      "\"x\" 1 [] {\"room:x\":1} {\"room:x\":[]} {\"room:x\":{\"epoch\":1}} {\"room:x\":{\"offset\":\"1\"}}"
          + " {\"room:x\":{\"offset\":-1}} {\"room:x\":{\"offset\":1.5}}";
  private static final String SEND = "{\"to\":{\"user\":\"bob\"},\"cid\":\"c\",\"msg\":\"hi\"}";
  private static final String DIRECT = "{\"conversation\":\"direct:alice:bob\"}";

  @TempDir static Path data;
  private static TestNode node;
  private static ChatClient client;

  /**
   * One field that is given wrong values.
   *
   * @param action of the request
   * @param base data that is right but for this field
   * @param field dotted where it is nested
   * @param wrong values as JSON, separated by blanks
   */
  record Case(String action, String base, String field, String wrong) {
    @Override
    public String toString() {
      return action + ' ' + field;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case("heartbeat", "{}", "cursors", CURSORS),
        new Case("send", SEND, "to", OBJECT + " {} {\"user\":\"a\",\"room\":\"b\"}"),
        new Case("send", SEND, "to.user", TEXT + " \"\" \"\\ud800\" \"a\\u0000b\""),
        new Case("send", SEND.replace("user", "room"), "to.room", TEXT),
        new Case("send", SEND, "cid", TEXT + " \"\" \"\\ud800\" \"a\\u0000b\" null"),
        new Case("send", SEND, "type", TEXT + " \"\" \"TEXT\" \"system\" \"\\ud800\""),
        new Case("ack", DIRECT, "conversation", TEXT + " null \"\" \"\\udc00x\""),
        new Case("ack", DIRECT, "delivered", WHOLE),
        new Case("ack", DIRECT, "read", WHOLE),
        new Case("sync", "{}", "cursors", CURSORS),
        new Case("sync", "{}", "limit", WHOLE + " 0"),
        new Case("history", DIRECT, "conversation", TEXT + " null \"\" \"\\ud800\""),
        new Case("history", DIRECT, "before", WHOLE),
        new Case("history", DIRECT, "after", WHOLE),
        new Case("history", DIRECT, "limit", WHOLE + " 0"),
        new Case("conversations", "{}", "after", TEXT),
        new Case("conversations", "{}", "limit", WHOLE + " 0"),
        new Case("typing", DIRECT, "conversation", TEXT + " null \"\""),
        new Case("presence", "{}", "users", LIST + " null []"),
        new Case("watch", "{}", "users", LIST + " null []"),
        new Case("unwatch", "{}", "users", LIST + " null []"),
        new Case("room.create", "{}", "room", TEXT + " \"\\ud800\" \"a:b\" \"\\u0000\""),
        new Case("room.create", "{}", "name", TEXT + " \"\\ud800\" \"\\u0000\""),
        new Case("room.create", "{}", "members", LIST),
        new Case("room.create", "{}", "join", TEXT + " \"OPEN\" \"closed\""),
        new Case("room.join", "{}", "room", TEXT + " null \"\" \"\\ud800\""),
        new Case("room.leave", "{}", "room", TEXT + " null \"\" \"\\ud800\""),
        new Case("room.members", "{\"room\":\"r\"}", "room", TEXT + " null \"\""),
        new Case("room.members", "{\"room\":\"r\"}", "after", TEXT),
        new Case("room.members", "{\"room\":\"r\"}", "limit", WHOLE + " 0"),
        new Case("room.list", "{}", "after", TEXT),
        new Case("room.list", "{}", "limit", WHOLE + " 0"),
        new Case("refresh", "{}", "serviceToken", TEXT + " null"));
  }

  static Stream<Case> loginCases() {
    String login = "{\"v\":1,\"userId\":\"zoe\"}";
    return Stream.of(
        new Case("login", login, "v", "\"1\" 2 0 1.5 true {} [] 1e99"),
        new Case("login", login, "userId", TEXT),
        new Case("login", login, "platform", "true 1 1.5 105 {} [] \"\" \"WEB\" \"\\ud800\" 1e99"),
        new Case("login", login, "device", TEXT + " \"\\ud800\" \"\\u0000\""),
        new Case("login", login, "serviceToken", TEXT),
        new Case("login", login, "cursors", CURSORS));
  }

  @BeforeAll
  static void start() throws Exception {
    node = TestNode.start(data);
    client = ChatClient.login(node.wsPort(), "alice", "");
  }

  @AfterAll
  static void stop() throws Exception {
    client.close();
    node.close();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void a_wrong_value_is_refused_by_name(Case each) {
    refuseAll(client, each);
    assertThat(client.code("ping", null)).isEqualTo(200);
  }

  @ParameterizedTest
  @MethodSource("loginCases")
  void a_login_with_a_wrong_value_is_refused_by_name_and_can_be_tried_again(Case each) {
    try (ChatClient fresh = new ChatClient(node.wsPort())) {
      refuseAll(fresh, each);
      assertThat(fresh.code("login", ChatClient.loginData("zoe", ""))).isEqualTo(200);
    }
  }

  @Test
  void data_that_is_no_object_is_refused() {
    for (String action :
        List.of("heartbeat", "send", "ack", "sync", "history", "conversations", "typing", "presence", "watch",
            "unwatch", "room.create", "room.join", "room.leave", "room.members", "room.list", "refresh")) {
      for (String wrong : "1 \"x\" [] true 1e99".split(" ")) {
        JsonObject response = ask(client, action, wrong);
        assertThat(response.getInteger("code")).as("%s with %s: %s", action, wrong, response).isEqualTo(1001);
        assertThat(reason(response)).startsWith("data: ");
      }
    }
  }

  @Test
  void half_an_emoji_does_no_harm_wherever_it_stands() {
    String cid = "\"cid\":\"cut\"";
    JsonObject sent =
        ask(client, "send", "{\"to\":{\"user\":\"eve\"}," + cid + ",\"msg\":\"cut \\ud83d\",\"\\udc00\":{\"k\\ud800\":[\"\\udbff\"]}}");
    assertThat(sent.getInteger("code")).as(sent.encode()).isEqualTo(200);
    client.raw("{\"seq\":\"\\ud800s\",\"action\":\"ping\"}");
    assertThat(client.await(frame -> "\uFFFDs".equals(frame.getString("seq"))).getString("action"))
        .isEqualTo("ping");
    client.raw("{\"seq\":\"7\",\"action\":\"\\udfff\"}");
    assertThat(client.await(frame -> "7".equals(frame.getString("seq"))).getString("action"))
        .isEqualTo("\uFFFD");
    // An echo that is abbreviated within an emoji.
    JsonObject cut = ask(client, "send", SEND.replace("\"hi\"", "\"hi\",\"type\":\"" + "x".repeat(39) + "😀\""));
    assertThat(cut.getInteger("code")).isEqualTo(1001);
    try (ChatClient eve = ChatClient.login(node.wsPort(), "eve", "")) {
      JsonObject stored = eve.syncAll().get(0);
      assertThat(stored.getString("msg")).isEqualTo("cut \uFFFD");
      assertThat(stored.getJsonObject("\uFFFD").getJsonArray("k\uFFFD").getString(0)).isEqualTo("\uFFFD");
      assertThat(eve.ask("conversations", null).encode()).contains("cut");
    }
  }

  @Test
  void whatever_a_body_holds_is_stored_and_comes_back_as_valid_json() {
    Map<String, String> bodies =
        Map.of(
            "nul", "\"a\\u0000b\"",
            "huge", "1e300",
            "tiny", "-1.5e-999",
            "digits", "0.12345678901234567890123456789",
            "whole", "123456789012345678901234567890123456789012345678901234567890",
            "deep", "[".repeat(29) + "]".repeat(29),
            "controls", "\"\\u0001\\u001f\\u007f\\u2028\"");
    bodies.forEach(
        (name, value) -> {
          JsonObject sent =
              ask(client, "send", "{\"to\":{\"user\":\"carl\"},\"cid\":\"" + name + "\",\"x\":" + value + "}");
          assertThat(sent.getInteger("code")).as("%s: %s", name, sent).isEqualTo(200);
        });
    try (ChatClient carl = ChatClient.login(node.wsPort(), "carl", "")) {
      List<JsonObject> stored = carl.syncAll();
      assertThat(stored).hasSize(bodies.size());
      assertThat(stored)
          .filteredOn(message -> message.getString("cid").equals("nul"))
          .singleElement()
          .satisfies(message -> assertThat(message.getString("x")).isEqualTo("a\u0000b"));
    }
  }

  @Test
  void of_a_doubled_key_the_last_counts() {
    client.raw("{\"seq\":\"a\",\"seq\":\"b\",\"action\":\"no\",\"action\":\"ping\",\"data\":1,\"data\":{}}");
    JsonObject reply = client.await(frame -> "b".equals(frame.getString("seq")));
    assertThat(reply.getString("action")).isEqualTo("ping");
    JsonObject sent =
        ask(client, "send", "{\"to\":1,\"to\":{\"user\":\"x\",\"user\":\"dan\"},\"cid\":\"one\",\"cid\":\"two\",\"msg\":1,\"msg\":\"last\"}");
    assertThat(sent.getInteger("code")).as(sent.encode()).isEqualTo(200);
    try (ChatClient dan = ChatClient.login(node.wsPort(), "dan", "")) {
      assertThat(dan.syncAll())
          .singleElement()
          .satisfies(
              message -> {
                assertThat(message.getString("cid")).isEqualTo("two");
                assertThat(message.getString("msg")).isEqualTo("last");
              });
    }
  }

  @Test
  void no_spelling_of_a_key_forges_what_the_server_says() {
    ask(client, "send", "{\"To\":{\"User\":\"fay\"},\"CID\":\"f\",\"msg\":\"hi\",\"From\":\"boss\",\"OFFSET\":9,\"offſet\":9,\"Id\":\"x\"}");
    try (ChatClient fay = ChatClient.login(node.wsPort(), "fay", "")) {
      assertThat(fay.syncAll())
          .singleElement()
          .satisfies(
              message ->
                  assertThat(message.fieldNames())
                      .containsExactlyInAnyOrder(
                          "id", "conversation", "epoch", "offset", "from", "platform", "time", "cid", "type", "msg"));
    }
  }

  private static void refuseAll(ChatClient client, Case each) {
    String name = each.field().substring(each.field().indexOf('.') + 1);
    for (String wrong : each.wrong().split(" ")) {
      JsonObject response = ask(client, each.action(), with(each.base(), each.field(), wrong));
      assertThat(response.getInteger("code")).as("%s = %s: %s", each, wrong, response).isEqualTo(1001);
      String inner = wrong.contains("epoch") ? "epoch" : wrong.contains("offset") ? "offset" : "";
      assertThat(reason(response))
          .as("%s = %s", each, wrong)
          .matches(reason -> reason.contains(name + ":") || reason.contains(inner.isEmpty() ? "room:x:" : inner + ":"));
    }
  }

  /** {@code base} with one more field, or another value for it. */
  private static String with(String base, String field, String value) {
    int dot = field.indexOf('.');
    if (dot > 0) {
      String inner = "{\"" + field.substring(dot + 1) + "\":" + value + '}';
      return with(base, field.substring(0, dot), inner);
    }
    return (base.equals("{}") ? "{" : base.substring(0, base.length() - 1) + ',') + '"' + field + "\":" + value + '}';
  }

  private static JsonObject ask(ChatClient client, String action, String json) {
    String seq = action + "-raw";
    client.raw("{\"seq\":\"" + seq + "\",\"action\":\"" + action + "\",\"data\":" + json + "}");
    return client.await(frame -> seq.equals(frame.getString("seq"))).getJsonObject("response");
  }

  private static String reason(JsonObject response) {
    return response.getJsonObject("data").getString("reason");
  }
}
