package im.parley;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.ChildJvm;
import im.parley.testing.Ports;
import im.parley.testing.RawWebSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that has no file descriptors left. */
class OpenFilesIT {
  private static final int LIMIT = 400;

  @TempDir Path data;

  @Test
  void it_says_so_in_a_line_and_serves_again_when_some_are_free() throws Exception {
    int port = Ports.free();
    try (ChildJvm node = start(port)) {
      node.awaitLine("open http://");
      List<Socket> sockets = new ArrayList<>();
      try {
        while (sockets.size() < LIMIT) {
          sockets.add(new Socket(InetAddress.getLoopbackAddress(), port));
        }
        assertThat(node.awaitLine("connections wait"))
            .contains(
                "WARN", "Too many open files", "parley doctor", "port: " + port, "limit: 400");
      } finally {
        for (Socket socket : sockets) {
          socket.close();
        }
      }
      try (RawWebSocket open = RawWebSocket.open(port)) {
        open.send(RawWebSocket.frame(RawWebSocket.FIN | RawWebSocket.PING, "there?"));
        assertThat(open.read().opcode()).isEqualTo(RawWebSocket.PONG);
      }
      node.signal("TERM");
      assertThat(node.end().out().lines().filter(each -> each.contains("\tat "))).isEmpty();
    }
  }

  private ChildJvm start(int port) throws Exception {
    String options =
        "serve --http-port 0 --grpc-port 0 --admin-port 0 --ws-port %d --data %s"
            .formatted(port, data);
    return ChildJvm.startBy(
        List.of("prlimit", "--nofile=" + LIMIT), Main.class, data, Map.of(), options.split(" "));
  }
}
