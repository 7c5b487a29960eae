package im.parley.loadtest.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server under test in its own JVM, until it is closed. */
final class ServerProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long STOP_SECONDS = 30;

  /** That of the subject's own flags. */
  static final List<String> DEFAULT_HEAP = List.of();

  private final Process process;
  private final int port;
  private final Path data;
  private final double secondsToAnswer;

  private ServerProcess(Process process, int port, Path data, double secondsToAnswer) {
    this.process = process;
    this.port = port;
    this.data = data;
    this.secondsToAnswer = secondsToAnswer;
  }

  /**
   * Starts it on free ports with an empty store and waits for its first answer.
   *
   * @param name of its log
   * @param heapFlags of its JVM
   */
  static ServerProcess start(Subject subject, BenchPlan plan, String name, List<String> heapFlags)
      throws IOException, InterruptedException {
    int port = freePort();
    Path data = Files.createTempDirectory(plan.out(), "data-");
    List<String> command =
        subject.command(plan, heapFlags, new Subject.Place(port, freePort(), data));
    Path log = plan.out().resolve(name + ".log");
    long started = System.nanoTime();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      double seconds = FirstAnswer.await(process, port, started, PATIENCE);
      return new ServerProcess(process, port, data, seconds);
    } catch (IOException e) {
      end(process, data);
      throw new IOException(subject.label() + ": " + e.getMessage() + said(log), e);
    }
  }

  /** What it wrote last. */
  private static String said(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return lines.isEmpty() ? "" : ": " + lines.get(lines.size() - 1);
  }

  /**
   * A heap that is resident as a whole from the start, so what resident memory grows by is beside
   * the heap; with the growth of the live heap it is what the connections take.
   *
   * @param gcLog where it writes its collections
   */
  static List<String> measuredHeap(Path gcLog) {
    // ZGC names its pauses among the phases only.
    String log = "-Xlog:gc,gc+phases:file=" + gcLog;
    return List.of("-Xms768m", "-Xmx768m", "-XX:+AlwaysPreTouch", log);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  long pid() {
    return process.pid();
  }

  String url() {
    return "ws://127.0.0.1:" + port + "/acc";
  }

  /** From the start of the process to its first answer to a ping. */
  double secondsToAnswer() {
    return secondsToAnswer;
  }

  /** Without an orderly stop, which is not measured here and would wait for clients. */
  @Override
  public void close() throws IOException, InterruptedException {
    end(process, data);
  }

  private static void end(Process process, Path data) throws IOException, InterruptedException {
    process.destroyForcibly();
    process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
