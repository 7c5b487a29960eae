package im.parley;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.store.redis.RedisServer;
import im.parley.testing.ChildJvm;
import im.parley.testing.TestNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Whole nodes that become a cluster, as an operator starts them and reads their log. */
class ClusterCommandIT {
  @RegisterExtension static final RedisServer REDIS = RedisServer.durable();

  @TempDir Path directory;

  @Test
  void two_nodes_find_each_other_and_part_in_order() throws Exception {
    try (ChildJvm first = serve("--cluster-members", "127.0.0.1:1")) {
      first.awaitLine("no other node answers, this one begins its cluster alone");
      String address =
          first.awaitLine("node is in its cluster").replaceFirst(".*address: ([^,]+),.*", "$1");
      first.awaitLine("open http://");
      try (TestNode second =
          TestNode.start(
              directory.resolve("second"),
              "store=" + REDIS.url(),
              "cluster=true",
              "cluster-port=0",
              "cluster-members=" + address)) {
        first.awaitLine("node joined");
        second.awaitMetric("parley_cluster_nodes", nodes -> nodes == 2);
        first.signal("TERM");
        ChildJvm.Result result = first.end();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("node stopped");
        second.awaitMetric("parley_cluster_nodes", nodes -> nodes == 1);
        assertThat(second.metric("parley_cluster_left_total")).isOne();
      }
    }
  }

  private ChildJvm serve(String... flags) throws Exception {
    List<String> args = new ArrayList<>(List.of("serve", "--cluster", "--store", REDIS.url()));
    for (String port : List.of("ws", "http", "grpc", "admin", "cluster")) {
      args.addAll(List.of("--" + port + "-port", "0"));
    }
    args.addAll(List.of(flags));
    return ChildJvm.start(Main.class, directory, Map.of(), args.toArray(String[]::new));
  }
}
