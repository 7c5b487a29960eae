package im.parley.store.redis;

import im.parley.testing.Ports;
import im.parley.testing.Signals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real redis-server on a free port of loopback with its data in a directory of its own. As an
 * extension it runs for a class and is emptied before each test.
 */
public final class RedisServer
    implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback, AutoCloseable {
  private static final long DEADLINE_SECONDS = 20;

  private final List<String> arguments;
  private final Path directory;
  private final int port;
  private Process process;

  /** A server that is not started yet, with further {@code arguments} of its command line. */
  public RedisServer(String... arguments) {
    this.arguments = List.of(arguments);
    try {
      this.directory = Files.createTempDirectory("parley-redis");
      this.port = Ports.free();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One that keeps what it acknowledges. */
  public static RedisServer durable() {
    return new RedisServer("--appendonly", "yes", "--appendfsync", "always");
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    start();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    cli("FLUSHALL");
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }

  /** Starts it and waits until it answers. */
  public RedisServer start() {
    List<String> command =
        new ArrayList<>(
            List.of(
                "redis-server",
                "--port",
                "" + port,
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--dir",
                directory.toString(),
                "--logfile",
                directory.resolve("log").toString()));
    command.addAll(arguments);
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
      while (!answers()) {
        if (System.nanoTime() > deadline || !process.isAlive()) {
          throw new AssertionError("redis-server does not start: see " + directory);
        }
        process.waitFor(10, TimeUnit.MILLISECONDS);
      }
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** kill -9. */
  public void kill() {
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** SIGSTOP: it holds its connections and answers nothing. */
  public void freeze() {
    Signals.send("STOP", process);
  }

  /** SIGCONT. */
  public void thaw() {
    Signals.send("CONT", process);
  }

  public int port() {
    return port;
  }

  public Path directory() {
    return directory;
  }

  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  /** What redis-cli prints for a command. */
  public String cli(String... command) {
    List<String> line =
        new ArrayList<>(List.of("redis-cli", "-h", "127.0.0.1", "-p", "" + port, "--raw"));
    line.addAll(List.of(command));
    return run(line.toArray(String[]::new));
  }

  /** Runs a program to its end; what it printed. */
  static String run(String... command) {
    try {
      Process run = new ProcessBuilder(command).redirectErrorStream(true).start();
      run.getOutputStream().close();
      String printed = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (run.waitFor() != 0) {
        throw new AssertionError(String.join(" ", command) + ": " + printed);
      }
      return printed.strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    if (process != null) {
      thaw(process);
      kill();
    }
    try {
      delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void thaw(Process process) {
    if (process.isAlive()) {
      Signals.send("CONT", process);
    }
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
      socket.setSoTimeout(500);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readNBytes(5);
      return new String(answer, StandardCharsets.US_ASCII).equals("+PONG");
    } catch (IOException e) {
      return false;
    }
  }

  private static void delete(Path root) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException e)
              throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
