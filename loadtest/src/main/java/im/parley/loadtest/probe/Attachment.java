package im.parley.loadtest.probe;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The socket on which a HotSpot JVM takes what {@code jcmd} asks. It is there after the first
 * {@code jcmd}, or from the start with {@code -XX:+StartAttachListener}; asking it directly saves
 * the start of a JVM for each question.
 */
final class Attachment {
  private static final char END = '\0';

  private final Path socket;

  Attachment(long pid) {
    socket = Path.of("/tmp/.java_pid" + pid);
  }

  boolean isThere() {
    return Files.exists(socket);
  }

  /** What the JVM prints for a command; first its own code, 0 for done, on a line. */
  String ask(String command) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      // Version of the protocol, operation, and always three arguments.
      String request = "1" + END + "jcmd" + END + command + END + END + END;
      ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
