package im.parley.loadtest.verify.servers;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A real redis-server that fsyncs every write before it answers. */
final class RedisProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int ANSWER_MILLIS = 500;

  private final String host;
  private final int port;
  private final Path directory;
  private Process process;

  RedisProcess(String host, int port, Path directory) {
    this.host = host;
    this.port = port;
    // Its own working directory is the one given as --dir.
    this.directory = directory.toAbsolutePath();
  }

  /** Starts it with the data that it has, and waits until that is loaded. */
  void start() throws IOException, InterruptedException {
    Files.createDirectories(directory);
    process =
        new ProcessBuilder(
                "redis-server",
                "--port",
                String.valueOf(port),
                "--bind",
                host,
                "--protected-mode",
                "no",
                "--save",
                "",
                "--appendonly",
                "yes",
                "--appendfsync",
                "always",
                "--dir",
                directory.toString(),
                "--logfile",
                directory.resolve("redis.log").toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("redis.out").toFile())
            .start();
    Readiness.await("redis-server, see " + directory, process, PATIENCE, this::answers);
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), ANSWER_MILLIS);
      socket.setSoTimeout(ANSWER_MILLIS);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readNBytes(5);
      return new String(answer, StandardCharsets.US_ASCII).equals("+PONG");
    } catch (IOException e) {
      return false;
    }
  }

  String url() {
    return "redis://" + host + ":" + port;
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  void pause() throws IOException, InterruptedException {
    Commands.signal("STOP", process);
  }

  void resume() throws IOException, InterruptedException {
    Commands.signal("CONT", process);
  }

  /** kill -9, if it runs. */
  @Override
  public void close() throws InterruptedException {
    if (process != null) {
      kill();
    }
  }
}
