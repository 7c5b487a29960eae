package im.parley.testing;

import im.parley.Node;
import im.parley.config.Config;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A node in this JVM, on free ports, stopped when closed. */
public final class TestNode implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final Duration STOP_DEADLINE = Duration.ofSeconds(60);

  private final Node node;

  private TestNode(Node node) {
    this.node = node;
  }

  /** Starts a node with its store in {@code data}; {@code settings} are {@code key=value}. */
  public static TestNode start(Path data, String... settings) throws Exception {
    return start(data, Clock.systemUTC(), settings);
  }

  /** The same with another clock. */
  public static TestNode start(Path data, Clock clock, String... settings) throws Exception {
    Map<String, String> all = new HashMap<>();
    for (String port : new String[] {"ws-port", "http-port", "grpc-port", "admin-port"}) {
      all.put(port, "0");
    }
    all.put("data", data.toString());
    all.put("drain.grace", "50ms");
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      all.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
    return new TestNode(await(Node.start(Config.of(all), clock), STOP_DEADLINE));
  }

  /** The WebSocket port. */
  public int wsPort() {
    return node.wsPorts().get(0);
  }

  /** The HTTP port. */
  public int httpPort() {
    return node.httpPort();
  }

  /** The gRPC port. */
  public int grpcPort() {
    return node.grpcPort();
  }

  /** The admin port. */
  public int adminPort() {
    return node.adminPort();
  }

  /** The {@code data} that one of prim's routes answers. */
  public JsonObject prim(String path) {
    return new JsonObject(text(Http.get(uri(httpPort(), path)))).getJsonObject("data");
  }

  /** Posts a form to one of prim's routes; the {@code data} of the answer. */
  public JsonObject primPost(String path, Map<String, String> form) {
    String body =
        form.entrySet().stream()
            .map(e -> e.getKey() + '=' + Http.encoded(e.getValue()))
            .collect(Collectors.joining("&"));
    return new JsonObject(text(Http.post(uri(httpPort(), path), body))).getJsonObject("data");
  }

  /**
   * The value of a meter as {@code /metrics} shows it, such as {@code
   * parley_closed_total{code="NORMAL"}}.
   */
  public double metric(String meter) {
    return text(Http.get(uri(adminPort(), "/metrics")))
        .lines()
        .filter(line -> line.startsWith(meter + ' '))
        .mapToDouble(line -> Double.parseDouble(line.substring(meter.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no meter " + meter));
  }

  /** Waits until a meter has a value that will do. */
  public void awaitMetric(String meter, Predicate<Double> enough) throws Exception {
    await(() -> metric(meter), enough, meter);
  }

  /** Asks until the answer will do; fails after the deadline. */
  public static <T> T await(Callable<T> question, Predicate<T> enough, String what)
      throws Exception {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (true) {
      T answer = question.call();
      if (enough.test(answer)) {
        return answer;
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError(what + " is still " + answer + " after " + DEADLINE);
      }
      Waiting.pause();
    }
  }

  /** Begins to stop; the future ends when nothing of the node runs any more. */
  public Future<Void> stop() {
    return node.stop();
  }

  @Override
  public void close() throws Exception {
    await(stop(), STOP_DEADLINE);
  }

  private static URI uri(int port, String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private static String text(HttpResponse<String> response) {
    if (response.statusCode() != 200) {
      throw new AssertionError(
          response.uri() + " answered " + response.statusCode() + ": " + response.body());
    }
    return response.body();
  }

  /** The result of a future; fails when it fails or does not end in time. */
  public static <T> T await(Future<T> future) throws Exception {
    return await(future, STOP_DEADLINE);
  }

  private static <T> T await(Future<T> future, Duration deadline) throws Exception {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .get(deadline.toMillis(), TimeUnit.MILLISECONDS);
  }
}
