package im.parley.protocol;

import im.parley.Node;
import im.parley.config.Config;
import im.parley.testing.Vector;
import im.parley.testing.VectorEndpoint;
import im.parley.testing.VectorPlayer;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Plays every test vector against a node; one node for each different set of settings. */
class VectorsIT {
  private static final Map<Map<String, String>, Future<Node>> NODES = new HashMap<>();
  private static final AtomicInteger RUNS = new AtomicInteger();

  @TempDir static Path data;

  @TestFactory
  Stream<DynamicTest> every_vector_is_answered_as_written() {
    return Vector.all().stream()
        .map(vector -> DynamicTest.dynamicTest(vector.name(), () -> play(vector)));
  }

  @AfterAll
  static void stop() throws Exception {
    for (Future<Node> node : NODES.values()) {
      // Not composed: the start's future belongs to an event loop, which ends with the node.
      if (node.succeeded()) {
        await(node.result().stop());
      }
    }
    NODES.clear();
  }

  private static void play(Vector vector) throws Exception {
    Node node = node(vector.settings());
    VectorEndpoint endpoint =
        new VectorEndpoint("127.0.0.1", node.wsPorts().get(0), node.httpPort());
    try (VectorPlayer player =
        new VectorPlayer(endpoint, "r%03d".formatted(RUNS.incrementAndGet()))) {
      player.play(vector);
    }
  }

  private static Node node(Map<String, String> extra) throws Exception {
    Future<Node> node = NODES.get(extra);
    if (node == null) {
      Map<String, String> settings = new HashMap<>(extra);
      settings.put("ws-port", "0");
      settings.put("http-port", "0");
      settings.put("grpc-port", "0");
      settings.put("admin-port", "0");
      settings.put("data", data.resolve("node" + NODES.size()).toString());
      node = Node.start(Config.of(settings));
      NODES.put(extra, node);
    }
    return await(node);
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
