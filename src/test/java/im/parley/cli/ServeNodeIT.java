package im.parley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.Main;
import im.parley.testing.ChildJvm;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line around a real node. */
class ServeNodeIT {
  private static final String[] FREE_PORTS =
      "serve --ws-port 0,0 --http-port 0 --grpc-port 0 --admin-port 0".split(" ");

  @TempDir Path directory;

  @Test
  void a_node_serves_the_url_it_prints_until_a_signal_stops_it() throws Exception {
    try (ChildJvm node = ChildJvm.start(Main.class, directory, Map.of(), FREE_PORTS)) {
      String url = node.awaitLine("open http://").replaceFirst(".*open ", "");
      HttpURLConnection page = (HttpURLConnection) URI.create(url).toURL().openConnection();
      assertThat(page.getResponseCode()).isPositive();
      node.signal("TERM");
      ChildJvm.Result result = node.end();
      assertThat(result.out()).contains("node stopped");
      assertThat(result.err()).isEmpty();
      assertThat(result.exitCode()).isZero();
    }
  }

  @Test
  void a_second_node_on_the_same_data_is_refused_in_one_line() throws Exception {
    try (ChildJvm first = ChildJvm.start(Main.class, directory, Map.of(), FREE_PORTS)) {
      first.awaitLine("open http://");
      try (ChildJvm second = ChildJvm.start(Main.class, directory, Map.of(), FREE_PORTS)) {
        ChildJvm.Result result = second.end();
        assertThat(result.err())
            .startsWith("parley: cannot start: ")
            .contains("in use")
            .hasLineCount(1);
        assertThat(result.exitCode()).isEqualTo(2);
      }
    }
  }

  @Test
  void a_running_node_is_backed_up_once_into_each_file() throws Exception {
    try (ChildJvm node = ChildJvm.start(Main.class, directory, Map.of(), FREE_PORTS)) {
      node.awaitLine("open http://");
      assertThat(backup()).isEqualTo(new ChildJvm.Result(0, "backup written to copy.db\n", ""));
      assertThat(directory.resolve("copy.db")).isNotEmptyFile();
      ChildJvm.Result again = backup();
      assertThat(again.err()).startsWith("parley: cannot back up: copy.db exists").hasLineCount(1);
      assertThat(again.exitCode()).isEqualTo(2);
    }
  }

  @Test
  void a_token_names_its_user() throws Exception {
    String secret = "0123456789abcdef0123456789abcdef";
    ChildJvm.Result result =
        parley(Map.of("PARLEY_AUTH_HMAC_SECRET", secret), "token", "alice", "--ttl", "1h");
    assertThat(result.exitCode()).isZero();
    String claims =
        new String(java.util.Base64.getUrlDecoder().decode(result.out().split("\\.")[1]));
    assertThat(claims).contains("\"sub\":\"alice\"");
  }

  private ChildJvm.Result backup() throws Exception {
    return parley(Map.of(), "backup", "copy.db");
  }

  private ChildJvm.Result parley(Map<String, String> variables, String... args) throws Exception {
    try (ChildJvm child = ChildJvm.start(Main.class, directory, variables, args)) {
      return child.end();
    }
  }
}
