package im.parley.auth;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.ChatClient;
import im.parley.testing.LeakWatch;
import im.parley.testing.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A node that lets in who has a token, for as long as it lasts. */
@ExtendWith(LeakWatch.class)
class TokenIT {
  private static final String SECRET = "a secret of at least thirty-two bytes";
  private static final String CLOSED = "parley_closed_total{code=\"TOKEN_REFUSED\"}";

  @TempDir static Path data;
  private static TestNode node;

  @BeforeAll
  static void start() throws Exception {
    node =
        TestNode.start(
            data,
            "auth=jwt",
            "auth.hmac-secret=" + SECRET,
            "auth.service-tokens=a-service-token-of-enough-bytes-0123456789",
            "sessions.offline-grace=0s");
  }

  @AfterAll
  static void stop() throws Exception {
    node.close();
  }

  @Test
  void the_token_says_who_one_is() {
    try (ChatClient client = new ChatClient(node.wsPort())) {
      JsonObject welcome = client.ask("login", login().put("serviceToken", token("alice", 3600)));
      assertThat(welcome.getString("user")).isEqualTo("alice");
      assertThat(welcome.getInteger("tokenExpiresIn")).isBetween(3590, 3600);
    }
  }

  @Test
  void without_a_good_token_one_is_refused_and_may_try_again() {
    try (ChatClient client = new ChatClient(node.wsPort())) {
      String good = token("alice", 3600);
      assertThat(client.code("login", login())).isEqualTo(1003);
      assertThat(client.code("login", login().put("serviceToken", ""))).isEqualTo(1003);
      assertThat(client.code("login", login().put("serviceToken", "no.token.this")))
          .isEqualTo(1003);
      assertThat(client.code("login", login().put("serviceToken", good + "x"))).isEqualTo(1003);
      assertThat(client.code("login", login().put("serviceToken", sign("{\"sub\":\"alice\"}"))))
          .isEqualTo(1003);
      assertThat(client.code("login", login().put("serviceToken", unsigned()))).isEqualTo(1003);
      assertThat(client.code("login", login().put("serviceToken", good).put("userId", "bob")))
          .isEqualTo(1003);
      assertThat(client.code("send", ChatClient.message("bob", "c", "hi"))).isEqualTo(1000);
      assertThat(client.code("login", login().put("serviceToken", good).put("userId", "alice")))
          .isEqualTo(200);
    }
  }

  @Test
  void a_token_that_has_ended_is_refused_and_the_connection_closed() {
    try (ChatClient client = new ChatClient(node.wsPort())) {
      assertThat(client.code("login", login().put("serviceToken", token("alice", -1))))
          .isEqualTo(1108);
      assertThat(client.closeCode()).isEqualTo(4503);
    }
  }

  @Test
  void a_token_is_good_for_its_platforms_only() {
    String token =
        sign(
            claims("alice", 3600).put("platforms", new JsonArray().add("ios").add("102")).encode());
    try (ChatClient client = new ChatClient(node.wsPort())) {
      JsonObject refused = client.response("login", login().put("serviceToken", token));
      assertThat(refused.getInteger("code")).isEqualTo(1003);
      assertThat(refused.getJsonObject("data").getString("reason")).contains("platform");
      assertThat(client.code("login", login().put("serviceToken", token).put("platform", "ios")))
          .isEqualTo(200);
      String others =
          sign(claims("alice", 3600).put("platforms", new JsonArray().add("web")).encode());
      assertThat(client.code("refresh", new JsonObject().put("serviceToken", others)))
          .isEqualTo(1003);
    }
  }

  @Test
  void a_session_ends_with_its_token() throws Exception {
    double before = node.metric(CLOSED);
    try (ChatClient watcher = in("watcher", 3600);
        ChatClient client = in("carol", 2)) {
      JsonObject carol = new JsonObject().put("users", new JsonArray().add("carol"));
      assertThat(watcher.ask("watch", carol).encode()).contains("\"online\":true");
      assertThat(client.closeCode()).isEqualTo(4503);
      assertThat(node.metric(CLOSED)).isEqualTo(before + 1);
      watcher.awaitPresence(false);
    }
  }

  @Test
  void a_refresh_keeps_the_session_and_one_that_is_refused_changes_nothing() {
    try (ChatClient client = in("dave", 3);
        ChatClient other = in("erin", 5)) {
      assertThat(
              client.code("refresh", new JsonObject().put("serviceToken", token("mallory", 3600))))
          .isEqualTo(1003);
      assertThat(client.code("refresh", new JsonObject().put("serviceToken", token("dave", -1))))
          .isEqualTo(1108);
      assertThat(client.code("refresh", new JsonObject())).isEqualTo(1001);
      JsonObject refreshed =
          client.ask("refresh", new JsonObject().put("serviceToken", token("dave", 3600)));
      assertThat(refreshed.getInteger("tokenExpiresIn")).isBetween(3590, 3600);
      assertThat(other.closeCode()).isEqualTo(4503); // two seconds after dave's first token
      assertThat(client.code("heartbeat", null)).isEqualTo(200);
    }
  }

  @Test
  void a_refresh_with_a_token_that_ends_sooner_ends_the_session_sooner() {
    try (ChatClient client = in("fay", 3600)) {
      client.ask("refresh", new JsonObject().put("serviceToken", token("fay", 1)));
      assertThat(client.closeCode()).isEqualTo(4503);
    }
  }

  @Test
  void a_prim_login_needs_a_token_too() {
    try (ChatClient client = new ChatClient(node.wsPort())) {
      JsonObject prim = new JsonObject().put("userID", "gus").put("appID", 101);
      JsonObject refused = client.response("login", prim);
      assertThat(refused.getInteger("code")).isEqualTo(1003);
      assertThat(refused.getValue("data")).isNull();
      assertThat(client.code("login", prim.copy().put("serviceToken", token("mallory", 60))))
          .isEqualTo(1003);
      assertThat(client.code("login", prim.copy().put("serviceToken", token("gus", 2))))
          .isEqualTo(200);
      assertThat(client.closeCode()).isEqualTo(4503);
    }
  }

  private static ChatClient in(String user, int seconds) {
    ChatClient client = new ChatClient(node.wsPort());
    client.ask("login", login().put("serviceToken", token(user, seconds)));
    return client;
  }

  private static JsonObject login() {
    return new JsonObject().put("v", 1).put("device", "d");
  }

  private static String token(String user, int seconds) {
    return sign(claims(user, seconds).encode());
  }

  private static JsonObject claims(String user, int seconds) {
    return new JsonObject()
        .put("sub", user)
        .put("exp", System.currentTimeMillis() / 1000 + seconds);
  }

  private static String sign(String payload) {
    return TestTokens.hs256(
        SECRET.getBytes(StandardCharsets.UTF_8), TestTokens.header("HS256"), payload);
  }

  private static String unsigned() {
    return TestTokens.input(TestTokens.header("none"), claims("alice", 3600).encode()) + '.';
  }
}
