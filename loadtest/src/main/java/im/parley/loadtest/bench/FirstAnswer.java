package im.parley.loadtest.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Asks a server that is just starting, again and again, until it answers a ping. */
final class FirstAnswer {
  private static final long BETWEEN_NANOS = 5_000_000;
  private static final int ANSWER_MILLIS = 2_000;
  private static final String UPGRADE =
      "GET /acc HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
  private static final String PING = "{\"seq\":\"1\",\"action\":\"ping\"}";

  private FirstAnswer() {}

  /**
   * @return seconds since {@code startedNanos}
   * @throws IOException if there was none within {@code patience}, or the process ended
   */
  static double await(Process server, int port, long startedNanos, Duration patience)
      throws IOException {
    while (System.nanoTime() - startedNanos < patience.toNanos()) {
      if (answers(port)) {
        return (System.nanoTime() - startedNanos) / 1e9;
      }
      if (!server.isAlive()) {
        throw new IOException(
            "the server ended with " + server.exitValue() + " before it answered");
      }
      LockSupport.parkNanos(BETWEEN_NANOS);
    }
    throw new IOException("no answer on port " + port + " within " + patience.toSeconds() + " s");
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(ANSWER_MILLIS);
      socket.getOutputStream().write(UPGRADE.getBytes(StandardCharsets.US_ASCII));
      readUntil(socket.getInputStream(), "\r\n\r\n");
      socket.getOutputStream().write(frame(PING));
      readUntil(socket.getInputStream(), "pong");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void readUntil(InputStream in, String end) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(end) < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("closed");
      }
      read.append((char) next);
    }
  }

  /** Masked with zeros, RFC 6455 §5.3. */
  private static byte[] frame(String text) {
    byte[] frame = new byte[6 + text.length()];
    frame[0] = (byte) 0x81;
    frame[1] = (byte) (0x80 | text.length());
    System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, frame, 6, text.length());
    return frame;
  }
}
