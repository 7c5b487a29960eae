package im.parley.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that do nothing; with a shorter patience than a real node's. */
class IdleIT {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "GET / HT",
        "POST /user/sendMessage HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nappID"
      })
  void a_request_that_is_never_finished_ends(String begun, @TempDir Path data) throws Exception {
    try (TestNode node = impatient(data);
        Socket socket = new Socket("127.0.0.1", node.httpPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(begun.getBytes(StandardCharsets.US_ASCII));

      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void an_upgraded_connection_may_be_silent(@TempDir Path data) throws Exception {
    try (TestNode node = impatient(data);
        Login login = Login.prim(node.webSocket(), 101, "quiet");
        Socket later = new Socket("127.0.0.1", node.httpPort())) {
      later.setSoTimeout(20_000);
      assertThat(later.getInputStream().read())
          .as("idle for less long than the login")
          .isEqualTo(-1);

      login.send("{\"seq\":\"2\",\"cmd\":\"ping\"}");
      assertThat(login.text()).contains("pong");
    }
  }

  private static TestNode impatient(Path data) {
    return new TestNode(
        data,
        Map.of(),
        options -> options.setIdleTimeout(300).setIdleTimeoutUnit(TimeUnit.MILLISECONDS));
  }
}
