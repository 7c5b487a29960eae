package im.parley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.Main;
import im.parley.testing.ChildJvm;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CliIT {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "dance",
        "serve --loud",
        "serve --http-port",
        "serve --http-port many",
        "serve --set gateway.expiry=soon",
        "serve --set gateway.expire=1s",
        "serve --set gateway.expiry",
        "serve --config absent.properties",
        "serve --bind 0.0.0.0",
        "serve --bind 192.0.2.1 --auth jwt",
        "serve --store redis://127.0.0.1:1",
        "serve --ws-port 0 --http-port 0 --grpc-port 0 --admin-port 0 --data /proc/parley",
        "config --table --reference",
        "config --auth jwt",
        "token",
        "token alice",
        "token alice --ttl long",
        "backup",
        "doctor --connections 0",
        "doctor --connections many",
      })
  void a_mistake_of_the_caller_is_one_line_and_exit_code_2(String line) throws Exception {
    assertOneLine(parley(Map.of(), line.isEmpty() ? new String[0] : line.split(" ")));
  }

  @Test
  void a_line_names_the_key_the_value_its_source_and_what_was_expected() throws Exception {
    assertThat(parley(Map.of("PARLEY_GATEWAY_EXPIRY", "soon"), "serve").err())
        .isEqualTo(
            "parley: gateway.expiry = \"soon\" (from environment variable PARLEY_GATEWAY_EXPIRY):"
                + " expected a duration such as 500ms, 30s, 5m, 2h or 7d\n");
    assertThat(parley(Map.of(), "serve", "--loud").err())
        .isEqualTo("parley: Unknown option: '--loud' (see parley serve --help)\n");
    assertThat(parley(Map.of(), "serve", "--store", "redis://127.0.0.1:1").err())
        .contains("redis at 127.0.0.1:1 cannot be reached: ");
    assertThat(parley(Map.of(), "serve", "--bind", "0.0.0.0").err())
        .contains("auth=jwt")
        .contains("auth.open-anywhere=true");
  }

  @Test
  void a_taken_port_is_told_by_its_key() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());
      ChildJvm.Result result = parley(Map.of(), "serve", "--ws-port", "0", "--http-port", port);
      assertOneLine(result);
      assertThat(result.err())
          .isEqualTo(
              "parley: http-port = \"%s\" (from flag --http-port): expected a free port, but %s is taken\n"
                  .formatted(port, port));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--store sqlite | a Redis that all nodes of the cluster share",
        "--store sqlite | set --store redis://host:6379",
        "--cluster-members a:b:c | cluster-members = \"a:b:c\" (from flag --cluster-members): expected HOST:PORT",
        "--cluster-members a:70000 | expected HOST:PORT with a port from 1 to 65535",
        "--cluster-members no-such-host.invalid:1 | expected hosts that are known, but not no-such-host.invalid",
        "--set cluster.bind=0.0.0.0 | expected one address of this machine",
        "--set cluster.tls-key=pom.xml | because TLS between nodes takes all of"
      })
  void a_cluster_that_cannot_be_is_told_by_its_key(String flags, String expected) throws Exception {
    String line =
        "serve --cluster --store redis://127.0.0.1:1 --cluster-port 0 --ws-port 0 --http-port 0"
            + " --grpc-port 0 --admin-port 0 ";
    if (flags.contains("--store")) {
      line = line.replace("--store redis://127.0.0.1:1 ", "");
    }
    ChildJvm.Result result = parley(Map.of(), (line + flags).split(" "));
    assertOneLine(result);
    assertThat(result.err()).contains(expected);
  }

  @Test
  void a_data_directory_that_is_a_file_is_told_by_its_key() throws Exception {
    Files.writeString(directory.resolve("data"), "in the way");
    ChildJvm.Result result =
        parley(Map.of(), "serve --ws-port 0 --http-port 0 --grpc-port 0 --admin-port 0".split(" "));
    assertOneLine(result);
    assertThat(result.err())
        .isEqualTo(
            "parley: data = \"data\" (from default): expected a directory that exists or can be created\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "token", "config", "backup", "doctor", "version"})
  void every_command_explains_itself(String command) throws Exception {
    ChildJvm.Result result = parley(Map.of(), command, "--help");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).startsWith("Usage: parley " + command);
    assertThat(result.err()).isEmpty();
  }

  @Test
  void config_shows_each_value_with_its_source_and_no_secret() throws Exception {
    Path file = Files.writeString(directory.resolve("a.properties"), "gateway.expiry=5m\n");
    String secret = "0123456789abcdef0123456789abcdef";
    ChildJvm.Result result =
        parley(
            Map.of("PARLEY_AUTH_HMAC_SECRET", secret),
            "config",
            "--http-port",
            "1234",
            "--config",
            file.toString(),
            "--set",
            "auth.service-tokens=hidden-token");
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .containsPattern("http-port=1234 +# flag --http-port\n")
        .containsPattern("gateway.expiry=5m +# file .*a.properties\n")
        .containsPattern("bind=127.0.0.1 +# default\n")
        .containsPattern(
            "auth.hmac-secret=\\*{4} +# environment variable PARLEY_AUTH_HMAC_SECRET\n")
        .containsPattern("auth.service-tokens=\\*{4} +# flag --set\n")
        .doesNotContain(secret)
        .doesNotContain("hidden-token");
  }

  @Test
  void the_doctors_exit_code_is_its_verdict() throws Exception {
    ChildJvm.Result most = parley(Map.of(), "doctor", "--connections", "100000000", "--json");
    assertThat(new JsonObject(most.out()).getBoolean("fine")).isFalse();
    assertThat(most.exitCode()).isEqualTo(1);
    ChildJvm.Result one = parley(Map.of(), "doctor", "--connections", "1", "--json");
    assertThat(one.exitCode()).isEqualTo(new JsonObject(one.out()).getBoolean("fine") ? 0 : 1);
  }

  @Test
  void version_names_what_runs() throws Exception {
    ChildJvm.Result result = parley(Map.of(), "version");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .containsPattern("parley \\d+\\.\\d+\\.\\d+")
        .contains("java   " + System.getProperty("java.version"))
        .containsPattern("vert.x 5\\.");
  }

  private static void assertOneLine(ChildJvm.Result result) {
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("parley: ").doesNotContain("\tat ").hasLineCount(1);
  }

  private ChildJvm.Result parley(Map<String, String> variables, String... args) throws Exception {
    try (ChildJvm child = ChildJvm.start(Main.class, directory, variables, args)) {
      return child.end();
    }
  }
}
