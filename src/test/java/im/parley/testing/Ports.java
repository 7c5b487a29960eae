package im.parley.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Free ports of loopback for servers that are told theirs. They lie below those that Linux gives to
 * outgoing connections, so that they stay free while their server is down.
 */
public final class Ports {
  private static final int LOWEST = 11_000;
  private static final int HIGHEST = 21_000; // a Redis in a cluster takes the port 10,000 above too

  private static final Random RANDOM = new Random();
  private static final Set<Integer> GIVEN = new HashSet<>();

  private Ports() {}

  /** One that nobody listens on and that was not given before. */
  public static synchronized int free() {
    IOException last = null;
    for (int tries = 0; tries < 100; tries++) {
      int port = LOWEST + RANDOM.nextInt(HIGHEST - LOWEST);
      try (ServerSocket socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        if (GIVEN.add(port)) {
          return port;
        }
      } catch (IOException e) {
        last = e;
      }
    }
    throw new UncheckedIOException(new IOException("no free port above " + LOWEST, last));
  }

  /** As many that differ. */
  public static List<Integer> free(int count) {
    return Stream.generate(Ports::free).limit(count).toList();
  }
}
