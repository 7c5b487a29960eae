package im.parley.testing;

import java.io.File;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real nginx on a free port of loopback with the configuration that is shipped, in front of two
 * nodes; stopped when closed.
 */
public final class Nginx implements AutoCloseable {
  private static final Path SHIPPED = Path.of("deploy", "nginx");
  private static final long DEADLINE_SECONDS = 20;

  private final Process process;
  private final int port;

  private Nginx(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts it with its files in {@code directory}; returns when it listens. */
  public static Nginx start(Path directory, ChildNode one, ChildNode two) throws Exception {
    Files.createDirectories(directory);
    int port = Ports.free();
    Files.copy(SHIPPED.resolve("parley.conf"), directory.resolve("parley.conf"));
    Files.writeString(
        directory.resolve("nodes.conf"),
        replaced(
                Files.readString(SHIPPED.resolve("nodes.conf")),
                "127.0.0.1:8089 ",
                "127.0.0.1:" + one.wsPort() + ' ',
                "127.0.0.1:8189 ",
                "127.0.0.1:" + two.wsPort() + ' ',
                "127.0.0.1:8080 ",
                "127.0.0.1:" + one.httpPort() + ' ',
                "127.0.0.1:8180 ",
                "127.0.0.1:" + two.httpPort() + ' ')
            + temporaryPaths());
    Files.writeString(
        directory.resolve("listen.conf"),
        replaced(
            Files.readString(SHIPPED.resolve("listen.conf")),
            "listen 80 ",
            "listen 127.0.0.1:" + port + ' '));
    Process process =
        new ProcessBuilder(
                program(),
                "-p",
                directory.toString(),
                "-c",
                directory.resolve("parley.conf").toString(),
                "-e",
                "error.log",
                "-g",
                "daemon off; pid nginx.pid;")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile())
            .start();
    Nginx nginx = new Nginx(process, port);
    try {
      nginx.awaitListening(directory);
      return nginx;
    } catch (Exception | AssertionError e) {
      nginx.close();
      throw e;
    }
  }

  private static String replaced(String text, String... pairs) {
    String result = text;
    for (int i = 0; i < pairs.length; i += 2) {
      if (!result.contains(pairs[i])) {
        throw new AssertionError("there is no \"" + pairs[i] + "\" in: " + text);
      }
      result = result.replace(pairs[i], pairs[i + 1]);
    }
    return result;
  }

  /** Where a user who is not root may write. */
  private static String temporaryPaths() {
    StringBuilder lines = new StringBuilder("\n");
    for (String path : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
      lines.append(path).append("_temp_path ").append(path).append(";\n");
    }
    return lines.toString();
  }

  private static String program() {
    return Stream.concat(
            Stream.of(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/sbin"))
        .map(directory -> Path.of(directory, "nginx"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new AssertionError("nginx is missing (apt-get install nginx-light)"))
        .toString();
  }

  private void awaitListening(Path directory) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (true) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (ConnectException notYet) {
        if (System.nanoTime() > deadline || !process.isAlive()) {
          throw new AssertionError(
              "nginx does not start: " + Files.readString(directory.resolve("output")));
        }
        process.waitFor(10, TimeUnit.MILLISECONDS);
      }
    }
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
