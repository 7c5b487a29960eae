package im.parley.http;

import static im.parley.testing.Http.get;
import static im.parley.testing.Http.raw;
import static im.parley.testing.Http.send;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages and what they load. */
class WebRoutesIT {
  private static TestNode node;

  @BeforeAll
  static void start(@TempDir Path data) {
    node = new TestNode(data, Map.of());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/,text/html; charset=utf-8",
    "/home/index,text/html; charset=utf-8",
    "/web/app.js,text/javascript; charset=utf-8"
  })
  void a_page_lets_nothing_foreign_run(String path, String type) {
    HttpResponse<String> page = get(node.http(path));

    HttpHeaders headers = page.headers();
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(headers.firstValue("Content-Type")).contains(type);
    assertThat(headers.firstValue("Content-Security-Policy"))
        .contains(
            "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'");
    assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(headers.firstValue("Referrer-Policy")).contains("no-referrer");
    assertThat(headers.firstValue("Cache-Control")).contains("no-cache");
  }

  @ParameterizedTest
  @CsvSource({"'',101", "?appID=103,103", "?appID=105,101", "?appID=x,101"})
  void prims_page_is_titled_with_its_room(String query, int room) {
    assertThat(get(node.http("/home/index" + query)).body())
        .contains("<title>聊天首页--房间ID(" + room + ")</title>");
  }

  @Test
  void a_file_that_the_browser_has_is_not_sent_again() {
    HttpHeaders first = get(node.http("/web/app.js")).headers();
    String tag = first.firstValue("ETag").orElseThrow();
    String modified = first.firstValue("Last-Modified").orElseThrow();

    HttpResponse<String> byTag =
        get(node.http("/web/app.js"), "If-None-Match", "\"other\", " + tag);
    assertThat(byTag.statusCode()).isEqualTo(304);
    assertThat(byTag.body()).isEmpty();
    assertThat(byTag.headers().firstValue("ETag")).contains(tag);
    assertThat(get(node.http("/web/app.js"), "If-Modified-Since", modified).statusCode())
        .isEqualTo(304);
    assertThat(
            get(node.http("/web/app.js"), "If-None-Match", "\"x\"", "If-Modified-Since", modified)
                .statusCode())
        .as("the tag is asked first")
        .isEqualTo(200);
  }

  @Test
  void head_has_the_length_and_no_body() {
    HttpResponse<String> head = send("HEAD", node.http("/web/app.js"), "");

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValueAsLong("Content-Length"))
        .hasValue(get(node.http("/web/app.js")).body().length());
    assertThat(head.body()).isEmpty();
  }

  @Test
  void the_page_learns_how_to_log_in() {
    HttpResponse<String> config = get(node.http("/web/config.json"));

    assertThat(config.headers().firstValue("Content-Type"))
        .contains("application/json; charset=utf-8");
    assertThat(config.body())
        .matches(
            "\\{\"auth\":\"open\",\"wsPath\":\"/acc\",\"name\":\"Parley\",\"version\":\"\\d+\\.\\d+\\.\\d+.*\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/web/../parley-version.properties",
        "/web/%2e%2e/parley-version.properties",
        "/web/..%2fparley-version.properties",
        "/web//etc/passwd",
        "/web/..\\..\\x",
        "/web/",
        "/web",
        "/web/missing.js",
        "/web/app.js/",
        "/web/app.js%00",
        "/../x",
        "/web/%61pp.js",
        "/index.html"
      })
  void only_the_named_files_are_there(String path) throws Exception {
    String answer =
        raw(node.httpPort(), "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    assertThat(answer)
        .containsPattern("^HTTP/1\\.1 40[04] ")
        .doesNotContain("version=", "answer = 42");
  }

  @Test
  void the_real_pages_are_on_the_class_path() {
    WebFiles files = WebFiles.load("/web");

    assertThat(files.find("index.html")).isNotNull();
    assertThat(files.find("prim.html").content().toString()).contains(WebRoutes.APP_PLACEHOLDER);
  }

  @Test
  void a_class_path_without_pages_has_no_files() {
    assertThat(WebFiles.load("/nowhere").find("index.html")).isNull();
  }
}
