package im.parley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.ChildJvm;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The command around a node, with an HTTP server in the node's place so that only the command is
 * judged.
 */
class ServeIT {
  private static final String[] FREE_PORTS =
      "serve --ws-port 0 --http-port 0 --grpc-port 0 --admin-port 0".split(" ");

  @TempDir Path directory;

  /** The child's main class. */
  static final class HttpOnly {
    private HttpOnly() {}

    public static void main(String[] args) {
      System.exit(
          ParleyCommand.run(
              args,
              config -> {
                if (config.chat().pageLimit() == 13) {
                  return Future.failedFuture(new IllegalStateException("unlucky"));
                }
                Vertx vertx = Vertx.vertx();
                HttpServer server =
                    vertx.createHttpServer().requestHandler(r -> r.response().end("hello"));
                return server
                    .listen(config.server().httpPort(), config.server().bind())
                    .map(s -> new RunningNode(List.of(1), s.actualPort(), 2, 3, vertx::close));
              }));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void a_signal_stops_the_node_in_order_with_exit_code_0(String signal) throws Exception {
    try (ChildJvm child = ChildJvm.start(HttpOnly.class, directory, Map.of(), FREE_PORTS)) {
      String url = child.awaitLine("open http://").replaceFirst(".*open ", "");
      HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
      assertThat(connection.getInputStream().readAllBytes()).isEqualTo("hello".getBytes());
      child.signal(signal);
      ChildJvm.Result result = child.end();
      assertThat(result.out())
          .contains("node stops [signal: SIG" + signal + "]")
          .contains("node stopped");
      assertThat(result.err()).isEmpty();
      assertThat(result.exitCode()).isZero();
    }
    assertThat(directory.resolve("data")).isDirectory();
    assertThat(Files.getPosixFilePermissions(directory.resolve("data")))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void with_json_logs_every_line_of_output_is_an_object() throws Exception {
    try (ChildJvm child =
        ChildJvm.start(
            HttpOnly.class, directory, Map.of("PARLEY_LOG_FORMAT", "json"), FREE_PORTS)) {
      JsonObject listening = new JsonObject(child.awaitLine("node listens"));
      assertThat(listening.getString("level")).isEqualTo("info");
      assertThat(listening.getString("message")).contains("http: http://127.0.0.1:");
      child.signal("TERM");
      assertThat(child.end().out().lines())
          .isNotEmpty()
          .allSatisfy(
              line ->
                  assertThat(new JsonObject(line).getString("message")).startsWith("node stop"));
    }
  }

  @Test
  void a_node_that_cannot_start_is_one_line_and_exit_code_2() throws Exception {
    String[] args =
        Stream.concat(Stream.of(FREE_PORTS), Stream.of("--set", "chat.page-limit=13"))
            .toArray(String[]::new);
    try (ChildJvm child = ChildJvm.start(HttpOnly.class, directory, Map.of(), args)) {
      ChildJvm.Result result = child.end();
      assertThat(result.err()).isEqualTo("parley: cannot start: IllegalStateException: unlucky\n");
      assertThat(result.exitCode()).isEqualTo(2);
    }
  }
}
