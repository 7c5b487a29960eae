package im.parley.testing;

import im.parley.store.redis.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A real Redis, and nodes of one cluster: in this JVM, or in processes that can be killed. */
public final class TestCluster implements AutoCloseable {
  private final RedisServer redis;
  private final Path data;
  private final String name;
  private final List<Integer> ports;
  private final List<AutoCloseable> nodes = new ArrayList<>();

  /** Starts Redis; {@code size} nodes may be started. */
  public TestCluster(Path data, int size) throws IOException {
    this.data = data;
    this.name = "test-" + ProcessHandle.current().pid() + '-' + System.nanoTime();
    this.ports = Ports.free(size);
    this.redis = RedisServer.durable().start();
  }

  /** Starts node {@code index} in this JVM. */
  public TestNode node(int index, String... settings) throws Exception {
    return node(index, Clock.systemUTC(), settings);
  }

  /** Starts node {@code index} in this JVM, with a clock of its own. */
  public TestNode node(int index, Clock clock, String... settings) throws Exception {
    TestNode node = TestNode.start(directory(index), clock, all(index, settings));
    nodes.add(node);
    return node;
  }

  /** Starts node {@code index} in a process of its own. */
  public ChildNode child(int index, String... settings) throws Exception {
    ChildNode node = ChildNode.start(directory(index), all(index, settings));
    nodes.add(node);
    return node;
  }

  /** The store of all nodes. */
  public RedisServer redis() {
    return redis;
  }

  private Path directory(int index) {
    return data.resolve("node-" + index);
  }

  private String[] all(int index, String... settings) {
    String members =
        ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    return Stream.concat(
            Stream.of(
                "cluster=true",
                "cluster-name=" + name,
                "cluster-port=" + ports.get(index),
                "cluster-members=" + members,
                "store=" + redis.url(),
                "store.redis-timeout=10s"),
            Stream.of(settings))
        .toArray(String[]::new);
  }

  @Override
  public void close() throws Exception {
    try {
      for (AutoCloseable node : nodes) {
        node.close();
      }
    } finally {
      redis.close();
    }
  }
}
