package im.parley.http;

import static im.parley.testing.Http.get;
import static im.parley.testing.Http.raw;
import static org.assertj.core.api.Assertions.assertThat;

import im.parley.cluster.NodeInfo;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The list of nodes that a client may use. */
class GatewaysIT {
  @TempDir Path data;

  @Test
  void a_node_alone_names_itself_as_it_was_asked() {
    try (TestNode node = new TestNode(data, Map.of())) {
      HttpResponse<String> answer = get(node.http("/gateways"));

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
      assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
      assertThat(new JsonObject(answer.body()))
          .isEqualTo(
              new JsonObject(
                  """
                  {"code":200,"msg":"Success","data":{"gateways":[{"node":"%s",
                   "url":"ws://127.0.0.1:%d/acc","http":"http://127.0.0.1:%2$d",
                   "connections":0,"capacity":0,"draining":false}]}}"""
                      .formatted(NodeInfo.starting(1, "test").name(), node.httpPort())));
    }
  }

  @Test
  void those_that_stay_come_first_least_loaded_first_and_what_they_advertise_counts() {
    try (TestNode node = new TestNode(data, Map.of("cluster.advertise", "ws://self/acc"))) {
      node.nodes(
          node(1, "ws://self/acc", 5, false),
          node(2, "wss://two/acc", 0, true),
          node(3, "wss://three/acc", 4, false),
          node(4, "", 0, false));

      assertThat(urls(get(node.http("/gateways"))))
          .containsExactly("wss://three/acc", "ws://self/acc", "wss://two/acc");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "chat.example.org,ws://chat.example.org/acc",
    "chat.example.org:8080,ws://chat.example.org:8080/acc",
    "[::1]:8080,ws://[::1]:8080/acc"
  })
  void the_address_asked_at_is_believed_when_it_is_one(String host, String url) throws Exception {
    try (TestNode node = new TestNode(data, Map.of())) {
      assertThat(ask(node, host, "")).contains("\"url\":\"" + url + '"');
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "alice@host", "host:80:80", "a b", "\"", "[host]", "host:port"})
  void what_is_no_address_is_not_repeated(String host) throws Exception {
    try (TestNode node = new TestNode(data, Map.of())) {
      assertThat(ask(node, host, "")).doesNotContain("\"url\"");
    }
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.0/8,wss", "10.0.0.0/8,ws"})
  void a_trusted_proxy_tells_that_clients_speak_tls(String trusted, String scheme)
      throws Exception {
    try (TestNode node = new TestNode(data, Map.of("server.trusted-proxies", trusted))) {
      assertThat(ask(node, "chat.example.org", "X-Forwarded-Proto: https\r\n"))
          .contains("\"url\":\"" + scheme + "://chat.example.org/acc\"");
    }
  }

  private static String ask(TestNode node, String host, String headers) throws Exception {
    return raw(
        node.httpPort(),
        "GET /gateways HTTP/1.1\r\nHost: " + host + "\r\n" + headers + "Connection: close\r\n\r\n");
  }

  private static NodeInfo node(long id, String url, int connections, boolean draining) {
    return new NodeInfo(id, "n" + id, "test", url, "", connections, 10, draining);
  }

  private static List<String> urls(HttpResponse<String> answer) {
    return new JsonObject(answer.body())
        .getJsonObject("data").getJsonArray("gateways").stream()
            .map(each -> ((JsonObject) each).getString("url"))
            .toList();
  }
}
