package im.parley.protocol;

import im.parley.testing.TestNode;
import im.parley.testing.Vector;
import im.parley.testing.VectorEndpoint;
import im.parley.testing.VectorPlayer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Plays every test vector against a node; one node for each different set of settings. */
class VectorsIT {
  private static final Map<Map<String, String>, TestNode> NODES = new HashMap<>();
  private static final AtomicInteger RUNS = new AtomicInteger();

  @TempDir static Path data;

  @TestFactory
  Stream<DynamicTest> every_vector_is_answered_as_written() {
    return Vector.all().stream()
        .map(vector -> DynamicTest.dynamicTest(vector.name(), () -> play(vector)));
  }

  @AfterAll
  static void stop() throws Exception {
    for (TestNode node : NODES.values()) {
      node.close();
    }
    NODES.clear();
  }

  private static void play(Vector vector) throws Exception {
    TestNode node = node(vector.settings());
    VectorEndpoint endpoint = new VectorEndpoint("127.0.0.1", node.wsPort(), node.httpPort());
    try (VectorPlayer player =
        new VectorPlayer(endpoint, "r%03d".formatted(RUNS.incrementAndGet()))) {
      player.play(vector);
    }
  }

  private static TestNode node(Map<String, String> settings) throws Exception {
    TestNode node = NODES.get(settings);
    if (node == null) {
      Path home = data.resolve("node" + NODES.size());
      node =
          TestNode.start(
              home,
              settings.entrySet().stream()
                  .map(setting -> setting.getKey() + "=" + setting.getValue())
                  .toArray(String[]::new));
      NODES.put(settings, node);
    }
    return node;
  }
}
