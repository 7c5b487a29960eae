package im.parley.http;

import static im.parley.testing.Http.get;
import static im.parley.testing.Http.postJson;
import static im.parley.testing.Http.raw;
import static im.parley.testing.Http.send;
import static org.assertj.core.api.Assertions.assertThat;

import im.parley.store.Store.StoreHealth;
import im.parley.testing.WireClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The admin port: probes, metrics, operators. */
class AdminIT {
  private static TestNode node;

  @BeforeAll
  static void start(@TempDir Path data) {
    node = new TestNode(data, Map.of());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void a_node_whose_loops_turn_is_live() {
    HttpResponse<String> answer = get(node.admin("/health/live"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"status\":\"live\",\"loops\":2}");
  }

  @Test
  void a_stuck_loop_is_not_live() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch stuck = new CountDownLatch(1);
    // Only the loop that serves the admin port can answer, so the other one is held.
    int other = node.gateways().get(0).loop() == node.adminLoop() ? 1 : 0;
    node.gateways()
        .get(other)
        .loop()
        .execute(
            () -> {
              stuck.countDown();
              try {
                release.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    stuck.await();
    try {
      HttpResponse<String> answer = get(node.admin("/health/live"));

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).contains("\"status\":\"stuck\"");
    } finally {
      release.countDown();
    }
  }

  @Test
  void a_node_that_can_take_clients_is_ready() {
    HttpResponse<String> answer = get(node.admin("/health/ready"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type"))
        .contains("application/json; charset=utf-8");
    assertThat(answer.body())
        .startsWith("{\"status\":\"ready\",\"checks\":[")
        .doesNotContain("\"ok\":false");
  }

  @ParameterizedTest
  @CsvSource({
    "false,true,true,false,store readable",
    "true,false,true,false,store writable",
    "true,true,false,false,listening",
    "true,true,true,true,not draining"
  })
  void a_node_that_cannot_says_why(
      boolean readable, boolean writable, boolean listening, boolean draining, String check) {
    Health before = node.health;
    String detail = readable && writable ? "" : "the disk is full";
    node.health = new Health(new StoreHealth(readable, writable, detail), listening, draining);
    try {
      HttpResponse<String> answer = get(node.admin("/health/ready"));

      assertThat(answer.statusCode()).isEqualTo(503);
      JsonObject failed =
          new JsonObject(answer.body())
              .getJsonArray("checks").stream()
                  .map(JsonObject.class::cast)
                  .filter(each -> !each.getBoolean("ok"))
                  .reduce((a, b) -> new JsonObject())
                  .orElseThrow();
      assertThat(failed.getString("check")).isEqualTo(check);
      assertThat(failed.getString("detail")).isNotEmpty();
    } finally {
      node.health = before;
    }
  }

  @Test
  void a_users_sessions_are_listed_whatever_they_speak() {
    try (Login phone = Login.ofParley(node.webSocket(), "carol", "phone");
        Login tablet = Login.ofParley(node.webSocket(), "carol", "tablet");
        Login prim = Login.prim(node.webSocket(), 103, "carol");
        Login other = Login.ofParley(node.webSocket(), "dave", "phone")) {
      JsonArray sessions = sessions("carol");

      assertThat(sessions.stream().map(each -> ((JsonObject) each).getString("device")))
          .containsExactly("phone", "tablet", "");
      assertThat(sessions.getJsonObject(2).getString("platform")).isEqualTo("103");
      assertThat(sessions.getJsonObject(0).getString("remote")).matches("127\\.0\\.0\\.1:\\d+");
    }
  }

  @Test
  void a_kicked_user_is_told_and_gone() {
    try (Login phone = Login.ofParley(node.webSocket(), "erin", "phone");
        Login prim = Login.prim(node.webSocket(), 102, "erin")) {
      assertThat(
              postJson(node.admin("/admin/kick"), "{\"user\":\"erin\",\"reason\":\"banned\"}")
                  .body())
          .isEqualTo("{\"code\":200,\"msg\":\"Success\",\"data\":{\"kicked\":2}}");

      assertThat(phone.text()).contains("\"kick\"").contains("4502");
      assertThat(phone.next()).isEqualTo(new WireClient.Closed(4502, "banned"));
      assertThat(sessions("erin")).isEmpty();
    }
  }

  @Test
  void one_session_can_be_kicked_alone() {
    try (Login phone = Login.ofParley(node.webSocket(), "fay", "phone");
        Login tablet = Login.ofParley(node.webSocket(), "fay", "tablet")) {
      String id = sessions("fay").getJsonObject(0).getString("id");

      postJson(node.admin("/admin/kick"), "{\"user\":\"fay\",\"sessions\":[\"" + id + "\"]}");

      assertThat(phone.text()).contains("4501");
      assertThat(sessions("fay").stream().map(each -> ((JsonObject) each).getString("device")))
          .containsExactly("tablet");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "|body: expected one JSON object",
        "[]|body: expected one JSON object",
        "{|body: expected one JSON object",
        "{}|user: null, expected the id of a user",
        "{\"user\":5}|user: 5, expected the id of a user",
        "{\"user\":\"x\",\"sessions\":[]}|sessions: [], expected ids, or no such field for all sessions",
        "{\"user\":\"x\",\"sessions\":[\"one\"]}|sessions: one, expected ids as /admin/sessions names them",
        "{\"user\":\"x\",\"reason\":\"bored\"}|reason: bored, expected one of [banned, removed, resync]"
      })
  void a_wrong_kick_is_told_what_was_expected(String body, String reason) {
    HttpResponse<String> answer = postJson(node.admin("/admin/kick"), body == null ? "" : body);

    assertThat(answer.statusCode()).isEqualTo(400);
    JsonObject json = new JsonObject(answer.body());
    assertThat(json.getInteger("code")).isEqualTo(1001);
    assertThat(json.getJsonObject("data").getString("reason")).isEqualTo(reason);
  }

  @Test
  void a_form_of_another_origin_cannot_kick() {
    HttpResponse<String> answer =
        send("POST", node.admin("/admin/kick"), "{\"user\":\"x\"}", "Content-Type", "text/plain");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("expected application/json");
  }

  @Test
  void sessions_of_no_user_are_a_bad_request() {
    assertThat(get(node.admin("/admin/sessions")).statusCode()).isEqualTo(400);
    assertThat(get(node.admin("/admin/sessions?user=")).body())
        .contains("expected the id of a user");
  }

  @Test
  void the_state_shows_each_loop() {
    try (Login login = Login.ofParley(node.webSocket(), "gil", "d")) {
      JsonObject state =
          new JsonObject(get(node.admin("/admin/state")).body()).getJsonObject("data");

      assertThat(state.getString("version")).matches("\\d+\\.\\d+\\.\\d+.*");
      assertThat(state.getJsonArray("loops")).hasSize(2);
      assertThat(
              state.getJsonArray("loops").stream()
                  .mapToInt(loop -> ((JsonObject) loop).getInteger("sessions"))
                  .sum())
          .isPositive();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/",
    "GET,/admin/nothing",
    "POST,/admin/state",
    "DELETE,/metrics",
    "GET,/health",
    "GET,/metrics/"
  })
  void any_other_route_is_not_found(String method, String path) {
    HttpResponse<String> answer = send(method, node.admin(path), "");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(new JsonObject(answer.body()).getInteger("code")).isEqualTo(1010);
  }

  @Test
  void bad_bytes_are_refused() throws Exception {
    assertThat(raw(node.adminPort(), "GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ");
    assertThat(raw(node.adminPort(), "\u0000\u0001 garbage\r\n\r\n"))
        .containsPattern("^HTTP/1\\.[01] 400 ");
    String huge = "{\"user\":\"" + "x".repeat(HttpOptions.MAX_BODY_BYTES) + "\"}";
    assertThat(postJson(node.admin("/admin/kick"), huge).statusCode()).isEqualTo(413);
  }

  @Test
  void metrics_tell_of_sessions_and_of_the_process() {
    try (Login ours = Login.ofParley(node.webSocket(), "hal", "d");
        Login prim = Login.prim(node.webSocket(), 101, "hal")) {
      HttpResponse<String> answer = get(node.admin("/metrics"));

      assertThat(answer.headers().firstValue("Content-Type"))
          .contains("text/plain; version=0.0.4; charset=utf-8");
      assertThat(answer.body())
          .containsPattern("parley_connections [1-9]")
          .containsPattern("parley_sessions\\{kind=\"native\"} [1-9]")
          .containsPattern("parley_sessions\\{kind=\"prim\"} [1-9]")
          .containsPattern("parley_loop_lag_seconds_count\\{loop=\"1\"}")
          .contains(
              "jvm_memory_used_bytes",
              "jvm_threads_live_threads",
              "process_cpu_usage",
              "process_files_open_files");
    }
  }

  private static JsonArray sessions(String user) {
    return new JsonObject(get(node.admin("/admin/sessions?user=" + user)).body())
        .getJsonObject("data")
        .getJsonArray("sessions");
  }
}
