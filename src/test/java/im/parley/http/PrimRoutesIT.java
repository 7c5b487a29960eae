package im.parley.http;

import static im.parley.testing.Http.encoded;
import static im.parley.testing.Http.get;
import static im.parley.testing.Http.post;
import static im.parley.testing.Http.raw;
import static im.parley.testing.Http.rawLine;
import static im.parley.testing.Http.send;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** prim's routes, byte for byte. */
class PrimRoutesIT {
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
  void an_answer_has_prims_headers() {
    HttpResponse<String> answer = get(node.http("/user/list?appID=101"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type"))
        .contains("application/json; charset=utf-8");
    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
    assertThat(answer.headers().firstValue("Access-Control-Allow-Credentials")).contains("true");
    assertThat(answer.headers().firstValue("Access-Control-Allow-Methods"))
        .contains("POST, GET, OPTIONS, PUT, DELETE,UPDATE");
    assertThat(answer.headers().firstValue("Access-Control-Allow-Headers")).isPresent();
    assertThat(answer.headers().firstValue("Access-Control-Expose-Headers")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "?appID=0",
        "?appID=x",
        "?appID=-1",
        "?appID=999",
        "?appID=99999999999",
        "?APPID=102"
      })
  void the_list_of_no_app_is_empty(String query) {
    try (Login login = Login.prim(node.webSocket(), 102, "x")) {
      assertThat(get(node.http("/user/list" + query)).body())
          .isEqualTo(
              "{\"code\":200,\"msg\":\"Success\",\"data\":{\"userCount\":0,\"userList\":[]}}");
    }
  }

  @Test
  void the_list_names_each_user_of_the_app_once() {
    try (Login first = Login.prim(node.webSocket(), 103, "李白");
        Login again = Login.prim(node.webSocket(), 103, "李白");
        Login other = Login.prim(node.webSocket(), 104, "elsewhere")) {
      assertThat(get(node.http("/user/list?appID=103")).body())
          .isEqualTo(
              "{\"code\":200,\"msg\":\"Success\",\"data\":{\"userCount\":1,\"userList\":[\"李白\"]}}");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "appID=101,true",
    "appID=0,true",
    "'',true",
    "appID=102,false",
    "appID=7,false",
    "appId=102,false"
  })
  void online_is_asked_of_one_app_or_of_any(String query, boolean online) {
    try (Login login = Login.prim(node.webSocket(), 101, "李白")) {
      assertThat(get(node.http("/user/online?userID=" + encoded("李白") + "&" + query)).body())
          .isEqualTo(
              "{\"code\":200,\"msg\":\"Success\",\"data\":{\"online\":"
                  + online
                  + ",\"userID\":\"李白\"}}");
    }
  }

  @Test
  void online_without_a_user_echoes_the_empty_one() {
    assertThat(get(node.http("/user/online?appID=101")).body())
        .isEqualTo(
            "{\"code\":200,\"msg\":\"Success\",\"data\":{\"online\":false,\"userID\":\"\"}}");
  }

  @Test
  void a_message_to_a_user_shows_the_user_as_sender() {
    String id = id();
    try (Login login = Login.prim(node.webSocket(), 101, "bob")) {
      HttpResponse<String> answer =
          post(node.http("/user/sendMessage"), form(101, "bob", id, "a+b & <c> 你好"));

      assertThat(answer.body()).isEqualTo(sent(true));
      assertThat(login.text())
          .isEqualTo(
              "{\"seq\":\"%s\",\"cmd\":\"msg\",\"response\":{\"code\":200,\"codeMsg\":\"Ok\",\"data\":{\"target\":\"\",\"type\":\"text\",\"msg\":\"a+b & <c> 你好\",\"from\":\"bob\"}}}"
                  .formatted(id));
    }
  }

  @Test
  void a_message_to_nobody_is_no_error() {
    HttpResponse<String> answer =
        post(node.http("/user/sendMessage"), form(101, "nobody", id(), "x"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(sent(false));
  }

  @Test
  void a_message_to_all_spares_its_sender() {
    try (Login sender = Login.prim(node.webSocket(), 102, "sender");
        Login other = Login.prim(node.webSocket(), 102, "other")) {
      assertThat(sender.text()).contains("\"enter\"");
      String first = id();
      assertThat(post(node.http("/user/sendMessageAll"), form(102, "sender", first, "one")).body())
          .isEqualTo(sent(true));
      assertThat(other.text()).contains(first).contains("\"from\":\"sender\"");
      String second = id();
      post(node.http("/user/sendMessageAll"), form(102, "other", second, "two"));
      assertThat(sender.text()).as("the first it hears of").contains(second);
    }
  }

  @Test
  void a_message_to_all_of_no_app_counts_as_sent() {
    assertThat(post(node.http("/user/sendMessageAll"), form(7, "x", id(), "")).body())
        .isEqualTo(sent(true));
  }

  @Test
  void both_sending_routes_share_the_ids_that_were_used() {
    String form = form(101, "nobody", id(), "x");
    post(node.http("/user/sendMessage"), form);

    String duplicate = "{\"code\":200,\"msg\":\"Success\",\"data\":{}}";
    assertThat(post(node.http("/user/sendMessage"), form).body()).isEqualTo(duplicate);
    assertThat(post(node.http("/user/sendMessageAll"), form).body()).isEqualTo(duplicate);
  }

  @Test
  void an_absent_id_is_a_value_like_any_other() {
    post(node.http("/user/sendMessageAll"), "appID=101");

    assertThat(post(node.http("/user/sendMessageAll"), "appID=101&msgID=").body())
        .isEqualTo("{\"code\":200,\"msg\":\"Success\",\"data\":{}}");
  }

  @Test
  void a_long_id_is_told_from_others_by_its_end() {
    String id = "i".repeat(5_000) + id();
    HttpResponse<String> first =
        post(node.http("/user/sendMessageAll"), form(101, "x", id + "1", "hi"));
    HttpResponse<String> other =
        post(node.http("/user/sendMessageAll"), form(101, "x", id + "2", "hi"));
    HttpResponse<String> again =
        post(node.http("/user/sendMessageAll"), form(101, "x", id + "1", "hi"));

    assertThat(first.body()).isEqualTo(sent(true));
    assertThat(other.body()).isEqualTo(sent(true));
    assertThat(again.body()).isEqualTo("{\"code\":200,\"msg\":\"Success\",\"data\":{}}");
  }

  @Test
  void a_multipart_form_is_as_good() {
    String id = id();
    StringBuilder body = new StringBuilder();
    Map.of("appID", "104", "userID", "multi", "msgID", id, "message", "你好")
        .forEach(
            (name, value) ->
                body.append(
                    "--b0undary\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
                        .formatted(name, value)));
    body.append("--b0undary--\r\n");
    try (Login login = Login.prim(node.webSocket(), 104, "multi")) {
      HttpResponse<String> answer =
          send(
              "POST",
              node.http("/user/sendMessage"),
              body.toString(),
              "Content-Type",
              "multipart/form-data; boundary=b0undary");

      assertThat(answer.body()).isEqualTo(sent(true));
      assertThat(login.text()).contains(id).contains("\"msg\":\"你好\"");
    }
  }

  @Test
  void a_long_message_arrives_whole() {
    String text = "长".repeat(6_000); // 54,000 bytes when encoded
    try (Login login = Login.prim(node.webSocket(), 103, "long")) {
      assertThat(post(node.http("/user/sendMessage"), form(103, "long", id(), text)).body())
          .isEqualTo(sent(true));
      assertThat(login.text()).contains("\"msg\":\"" + text + "\"");
    }
  }

  @Test
  void parameters_count_only_where_they_belong() {
    String query = form(101, "bob", id(), "x");
    try (Login login = Login.prim(node.webSocket(), 101, "bob")) {
      assertThat(post(node.http("/user/sendMessage?" + query), "msgID=" + id()).body())
          .isEqualTo(sent(false));
    }
  }

  @Test
  void the_state_has_prims_keys_in_order() {
    try (Login first = Login.prim(node.webSocket(), 101, "same");
        Login again = Login.prim(node.webSocket(), 101, "same");
        Login ours = Login.ofParley(node.webSocket(), "ours", "d")) {
      String numbers = "\"numCPU\":\\d+,\"numGoroutine\":\\d+\\}\\}";
      String state =
          "\\{\"code\":200,\"msg\":\"Success\",\"data\":\\{\"managerInfo\":\\{\"chanBroadcastLen\":\\d+,\"chanLoginLen\":0,\"chanRegisterLen\":0,\"chanUnregisterLen\":0,";
      awaitConnections(3);
      assertThat(get(node.http("/system/state")).body())
          .matches(state + "\"clientsLen\":3,\"usersLen\":2\\}," + numbers);
      assertThat(get(node.http("/system/state?isDebug=1")).body()).doesNotContain("\"users\"");
      assertThat(get(node.http("/system/state?isDebug=true")).body())
          .matches(
              state
                  + "\"clients\":\\[(\"127\\.0\\.0\\.1:\\d+\",?){3}\\],\"clientsLen\":3,"
                  + "\"users\":\\[\"[a-z0-9]+_[a-z]+\",\"[a-z0-9]+_[a-z]+\"\\],\"usersLen\":2\\},"
                  + numbers)
          .contains("\"101_same\"", "\"web_ours\"");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/no/such/page",
    "POST,/user/list",
    "GET,/user/sendMessage",
    "HEAD,/user/list",
    "OPTIONS,/user/sendMessageAll",
    "PUT,/system/state",
    "DELETE,/home/index",
    "GET,//user/list",
    "GET,/user/./list",
    "GET,/User/list",
    "GET,/user"
  })
  void any_other_path_or_method_is_not_found(String method, String path) {
    HttpResponse<String> answer = send(method, node.http(path), "");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain");
    assertThat(answer.body()).isEqualTo(method.equals("HEAD") ? "" : "404 page not found");
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/user/list/?appID=101,301,/user/list?appID=101",
    "GET,/home/index/,301,/home/index",
    "POST,/user/sendMessage/,307,/user/sendMessage"
  })
  void a_slash_too_many_is_redirected(String method, String path, int status, String location) {
    HttpResponse<String> answer = send(method, node.http(path), "");

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Location")).contains(location);
  }

  @Test
  void a_client_that_asks_first_is_told_once_to_go_on() throws Exception {
    String form = form(7, "x", id(), "hi");
    String head =
        "POST /user/sendMessageAll HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\n";
    String type = "Content-Type: application/x-www-form-urlencoded\r\n";
    String answer =
        raw(node.httpPort(), head + type + "Content-Length: " + form.length() + "\r\n\r\n" + form);

    assertThat(answer)
        .startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")
        .endsWith(sent(true));
    assertThat(rawLine(node.httpPort(), head + type + "Content-Length: 90000\r\n\r\n"))
        .as("before the body is sent")
        .startsWith("HTTP/1.1 413 ");
  }

  @Test
  void a_body_over_the_limit_is_refused() {
    String form = form(101, "x", id(), "m".repeat(HttpOptions.MAX_BODY_BYTES));

    assertThat(post(node.http("/user/sendMessageAll"), form).statusCode()).isEqualTo(413);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/user/list?appID=%zz", "/user/list?appID=%", "/%zz", "/web/%c3%28%"})
  void malformed_percent_encoding_is_a_bad_request(String path) throws Exception {
    String answer =
        raw(node.httpPort(), "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void a_form_with_malformed_percent_encoding_is_a_bad_request() {
    assertThat(post(node.http("/user/sendMessageAll"), "appID=101&msgID=%zz").statusCode())
        .isEqualTo(400);
  }

  @Test
  void a_body_that_is_no_form_has_no_parameters() {
    String body = "appID=101&msgID=" + id();
    send("POST", node.http("/user/sendMessage"), body, "Content-Type", "text/plain");

    assertThat(
            send("POST", node.http("/user/sendMessage"), body + "2", "Content-Type", "text/plain")
                .body())
        .as("the empty id again")
        .isEqualTo("{\"code\":200,\"msg\":\"Success\",\"data\":{}}");
  }

  @Test
  void a_multipart_form_without_boundary_harms_nobody() {
    assertThat(
            send("POST", node.http("/user/sendMessage"), "x", "Content-Type", "multipart/form-data")
                .statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0000\u0001\u0002garbage\r\n\r\n",
        "GET / HTTP/9.9x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"
      })
  void garbage_is_a_bad_request(String bytes) throws Exception {
    assertThat(raw(node.httpPort(), bytes)).containsPattern("^HTTP/1\\.[01] 400 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OPTIONS *",
        "CONNECT example.org:443",
        "GET user/list",
        "GET ?appID=101",
        "BREW /user/list",
        "GET http://example.org/no/such/page",
        "POST /user/list?appID=101",
        "TRACE /"
      })
  void odd_requests_are_refused_without_a_fault(String line) throws Exception {
    String answer =
        raw(node.httpPort(), line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    assertThat(answer).containsPattern("^HTTP/1\\.[01] 4\\d\\d ");
  }

  @Test
  void an_absolute_address_is_as_good() throws Exception {
    String line =
        "GET http://127.0.0.1/user/list?appID=0 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";

    assertThat(raw(node.httpPort(), line)).startsWith("HTTP/1.1 200 ").contains("\"userCount\":0");
  }

  @Test
  void a_long_line_and_huge_headers_are_refused() throws Exception {
    assertThat(raw(node.httpPort(), "GET /" + "a".repeat(5_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
        .containsPattern("^HTTP/1\\.[01] 414 ");
    assertThat(
            raw(
                node.httpPort(),
                "GET / HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(9_000) + "\r\n\r\n"))
        .containsPattern("^HTTP/1\\.[01] 431 ");
  }

  private static void awaitConnections(int count) {
    // A connection of another test may still be closing.
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (node.connections() != count && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(node.connections()).isEqualTo(count);
  }

  private static String sent(boolean results) {
    return "{\"code\":200,\"msg\":\"Success\",\"data\":{\"sendResults\":" + results + "}}";
  }

  private static String form(int app, String user, String id, String message) {
    return "appID=%d&userID=%s&msgID=%s&message=%s"
        .formatted(app, encoded(user), encoded(id), encoded(message));
  }

  private static String id() {
    return UUID.randomUUID().toString();
  }
}
