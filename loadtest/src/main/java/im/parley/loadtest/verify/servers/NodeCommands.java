package im.parley.loadtest.verify.servers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How each node of a plan is started. */
final class NodeCommands {
  private static final int NATIVE_ACCESS_ASKED = 24;

  private final ServersPlan plan;
  private final Network network;
  private final String store;
  private final List<Integer> clusterPorts = new ArrayList<>();

  /**
   * @param store the URL of the Redis; null for the embedded store
   */
  NodeCommands(ServersPlan plan, Network network, String store) throws IOException {
    this.plan = plan;
    this.network = network;
    this.store = store;
    for (int node = 0; node < plan.nodes(); node++) {
      clusterPorts.add(network.freePort());
    }
  }

  NodeProcess node(int node, Map<String, String> environment) throws IOException {
    String host = network.node(node);
    int port = network.freePort();
    int adminPort = network.freePort();
    List<String> command = new ArrayList<>(network.inside(node));
    command.addAll(jvm());
    command.addAll(List.of("-jar", plan.jar().toAbsolutePath().toString(), "serve"));
    command.addAll(List.of("--bind", host, "--set", "auth.open-anywhere=true"));
    command.addAll(List.of("--ws-port", "" + port, "--admin-port", "" + adminPort));
    command.addAll(List.of("--http-port", "0", "--grpc-port", "0"));
    Path data = plan.directory().resolve("node" + node).toAbsolutePath();
    command.addAll(List.of("--data", data.toString()));
    if (store != null) {
      command.addAll(List.of("--store", store));
    }
    if (plan.nodes() > 1) {
      command.addAll(cluster(node));
    }
    plan.settings().forEach(setting -> command.addAll(List.of("--set", setting)));
    return new NodeProcess(
        "node " + node,
        command,
        environment,
        plan.directory().resolve("node" + node + ".log"),
        "ws://%s:%d/acc".formatted(host, port),
        "http://%s:%d/health/ready".formatted(host, adminPort));
  }

  private List<String> cluster(int node) {
    List<String> members = new ArrayList<>();
    for (int each = 0; each < plan.nodes(); each++) {
      members.add(network.node(each) + ":" + clusterPorts.get(each));
    }
    return List.of(
        "--cluster",
        "--cluster-name",
        "verify-" + ProcessHandle.current().pid(),
        "--cluster-port",
        "" + clusterPorts.get(node),
        "--cluster-members",
        String.join(",", members),
        "--set",
        "cluster.bind=" + network.node(node));
  }

  private List<String> jvm() {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.add("-Xmx" + plan.heap());
    // Nodes start often here and are judged by what they do, not by how fast.
    words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    // As the launcher does: one or two cores alone give too few threads for asynchronous calls.
    words.add("-Djava.util.concurrent.ForkJoinPool.common.parallelism=4");
    if (Runtime.version().feature() >= NATIVE_ACCESS_ASKED) {
      words.add("--enable-native-access=ALL-UNNAMED");
      words.add("--sun-misc-unsafe-memory-access=allow");
    }
    return words;
  }
}
