package im.parley.loadtest.verify.servers;

import java.nio.file.Path;
import java.util.List;

/**
 * What to start.
 *
 * @param jar Parley's
 * @param nodes more than one are a cluster
 * @param redis whether they keep their logs in one Redis; a node alone can do without
 * @param cuttable whether the network between them must be one that can be cut
 * @param clocks whether the nodes' clocks must be able to jump
 * @param heap of each node, as {@code 256m}
 * @param settings further ones of the nodes, {@code key=value}
 * @param directory of their data and logs
 */
public record ServersPlan(
    Path jar,
    int nodes,
    boolean redis,
    boolean cuttable,
    boolean clocks,
    String heap,
    List<String> settings,
    Path directory) {
  public ServersPlan {
    if (nodes < 1) {
      throw new IllegalArgumentException("--cluster " + nodes + ": expected at least 1 node");
    }
    if (nodes > 1 && !redis) {
      throw new IllegalArgumentException("--store sqlite: expected redis for " + nodes + " nodes");
    }
    settings = List.copyOf(settings);
  }
}
