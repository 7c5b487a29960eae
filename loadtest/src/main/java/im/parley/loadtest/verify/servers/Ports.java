package im.parley.loadtest.verify.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/**
 * Free ports that stay free while a server is down: below those that Linux gives to outgoing
 * connections.
 */
final class Ports {
  private static final int LOWEST = 15_000;
  private static final int HIGHEST = 32_000;

  private final Random random = new Random();
  private final Set<Integer> given = new HashSet<>();

  int next() throws IOException {
    IOException last = null;
    for (int tries = 0; tries < 100; tries++) {
      int port = LOWEST + random.nextInt(HIGHEST - LOWEST);
      try (ServerSocket socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        if (given.add(port)) {
          return port;
        }
      } catch (IOException e) {
        last = e;
      }
    }
    throw new IOException("no free port from " + LOWEST + " to " + HIGHEST, last);
  }
}
