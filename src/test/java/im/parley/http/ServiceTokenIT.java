package im.parley.http;

import static im.parley.testing.Http.get;
import static im.parley.testing.Http.post;
import static im.parley.testing.Http.postJson;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What asks for a service token where users need theirs. */
class ServiceTokenIT {
  private static final String TOKEN = "service-token-of-this-test";
  private static final String[] RIGHT = {"Authorization", "Bearer " + TOKEN};
  private static TestNode node;

  @BeforeAll
  static void start(@TempDir Path data) {
    node =
        new TestNode(
            data,
            Map.of(
                "auth",
                "jwt",
                "auth.hmac-secret",
                "a secret of at least 32 bytes ....",
                "auth.service-tokens",
                TOKEN));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/user/sendMessage", "/user/sendMessageAll"})
  void sending_needs_the_token(String path) {
    HttpResponse<String> none = post(node.http(path), "appID=101&msgID=" + path);
    HttpResponse<String> wrong =
        post(node.http(path), "appID=101&msgID=" + path, "Authorization", "Bearer x");

    for (HttpResponse<String> refused : List.of(none, wrong)) {
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.headers().firstValue("WWW-Authenticate")).contains("Bearer");
      assertThat(refused.body()).startsWith("{\"code\":1003,\"msg\":\"未授权\",\"data\":{\"reason\":");
    }
    assertThat(post(node.http(path), "appID=101&msgID=" + path, RIGHT).body())
        .contains("\"sendResults\":");
  }

  @Test
  void the_lists_of_the_state_need_it_too() {
    assertThat(get(node.http("/system/state?isDebug=true")).body())
        .contains("clientsLen")
        .doesNotContain("\"clients\"");
    assertThat(get(node.http("/system/state?isDebug=true"), RIGHT).body())
        .contains("\"clients\":[]", "\"users\":[]");
  }

  @Test
  void operators_need_it() {
    assertThat(get(node.admin("/admin/state")).statusCode()).isEqualTo(401);
    assertThat(get(node.admin("/admin/nothing")).statusCode()).isEqualTo(401);
    assertThat(postJson(node.admin("/admin/kick"), "{\"user\":\"x\"}").statusCode()).isEqualTo(401);
    assertThat(get(node.admin("/admin/state"), RIGHT).statusCode()).isEqualTo(200);
    assertThat(postJson(node.admin("/admin/kick"), "{\"user\":\"x\"}", RIGHT).body())
        .isEqualTo("{\"code\":200,\"msg\":\"Success\",\"data\":{\"kicked\":0}}");
  }

  @Test
  void probes_and_metrics_do_not() {
    assertThat(get(node.admin("/health/live")).statusCode()).isEqualTo(200);
    assertThat(get(node.admin("/health/ready")).statusCode()).isEqualTo(200);
    assertThat(get(node.admin("/metrics")).statusCode()).isEqualTo(200);
  }

  @Test
  void the_page_is_told() {
    assertThat(get(node.http("/web/config.json")).body()).startsWith("{\"auth\":\"jwt\"");
  }
}
