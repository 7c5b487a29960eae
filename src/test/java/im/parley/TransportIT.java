package im.parley;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import im.parley.testing.ChildJvm;
import im.parley.testing.RawWebSocket;
import im.parley.testing.TestNode;
import io.vertx.core.transport.Transport;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node on each transport that this machine has. */
class TransportIT {
  @TempDir Path data;

  @ParameterizedTest
  @ValueSource(strings = {"auto", "epoll", "io_uring", "nio"})
  void a_node_serves_by_each_transport(String name) throws Exception {
    assumeTrue(!name.equals("io_uring") || isThere(Transport.IO_URING), "no io_uring here");
    assumeTrue(!name.equals("epoll") || isThere(Transport.EPOLL), "no epoll here");
    try (TestNode node = TestNode.start(data, "server.transport=" + name);
        RawWebSocket open = RawWebSocket.open(node.wsPort())) {
      assertThat(node.prim("/user/list?appID=101").getInteger("userCount")).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "io_uring"})
  void one_that_is_not_there_is_one_line_and_exit_code_2(String name) throws Exception {
    Map<String, String> variables =
        Map.of("JDK_JAVA_OPTIONS", "-Dio.netty.transport.noNative=true");
    try (ChildJvm child = serve(variables, name)) {
      ChildJvm.Result result = child.end();
      assertThat(result.err().lines().filter(line -> !line.startsWith("NOTE: Picked up")))
          .singleElement()
          .asString()
          .startsWith("parley: server.transport = " + name + ": expected a transport that this")
          .contains("noNative");
      assertThat(result.exitCode()).isEqualTo(2);
    }
  }

  @Test
  void one_that_nobody_knows_is_one_line_and_exit_code_2() throws Exception {
    try (ChildJvm child = serve(Map.of(), "carrier-pigeon")) {
      ChildJvm.Result result = child.end();
      assertThat(result.err())
          .hasLineCount(1)
          .contains("carrier-pigeon", "auto or epoll or io_uring or nio");
      assertThat(result.exitCode()).isEqualTo(2);
    }
  }

  private ChildJvm serve(Map<String, String> variables, String transport) throws Exception {
    return ChildJvm.start(
        Main.class,
        data,
        variables,
        "serve",
        "--ws-port=0",
        "--http-port=0",
        "--grpc-port=0",
        "--admin-port=0",
        "--set",
        "server.transport=" + transport);
  }

  private static boolean isThere(Transport transport) {
    return transport != null && transport.available();
  }
}
