package im.parley.loadtest.verify.servers;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One node, started again and again with the same command, ports and data. */
final class NodeProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(180);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(60);
  private static final int ANSWER_MILLIS = 1_000;
  private static final int LOG_LINES = 10;

  private final String name;
  private final List<String> command;
  private final Map<String, String> environment;
  private final Path log;
  private final String url;
  private final String readyUrl;
  private Process process;

  /**
   * @param url for clients
   * @param readyUrl answers 200 when it is ready
   */
  NodeProcess(
      String name,
      List<String> command,
      Map<String, String> environment,
      Path log,
      String url,
      String readyUrl) {
    this.name = name;
    this.command = command;
    this.environment = environment;
    this.log = log;
    this.url = url;
    this.readyUrl = readyUrl;
  }

  void start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    process = builder.start();
  }

  void awaitReady() throws IOException, InterruptedException {
    try {
      Readiness.await(name, process, PATIENCE, this::isReady);
    } catch (IOException e) {
      throw new IOException(e.getMessage() + "; the end of " + log + ":\n" + endOfLog(), e);
    }
  }

  private String endOfLog() throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
  }

  private boolean isReady() {
    try {
      HttpURLConnection connection = (HttpURLConnection) new URL(readyUrl).openConnection();
      connection.setConnectTimeout(ANSWER_MILLIS);
      connection.setReadTimeout(ANSWER_MILLIS);
      return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException e) {
      return false;
    }
  }

  String url() {
    return url;
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /**
   * SIGTERM, and waits for the end.
   *
   * @throws IOException if it did not end with 0
   */
  void stop() throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new IOException(name + " did not stop within " + STOP_PATIENCE.toSeconds() + " s");
    }
    if (process.exitValue() != 0) {
      throw new IOException(
          name + " was asked to stop and ended with " + process.exitValue() + ", see " + log);
    }
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
