package im.parley.cli;

import im.parley.config.Config;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Supplier;

/**
 * A started node as the command line sees it.
 *
 * @param wsPorts the ports taken, where the configuration may have said 0
 * @param httpPort taken
 * @param grpcPort taken
 * @param adminPort taken
 * @param stop drains and stops the node; completes when nothing of it runs any more
 */
public record RunningNode(
    List<Integer> wsPorts, int httpPort, int grpcPort, int adminPort, Supplier<Future<Void>> stop) {

  /** Starts a node; the future fails, with nothing left running, if it cannot. */
  @FunctionalInterface
  public interface Starter {
    /** Starts a node with {@code config}. */
    Future<RunningNode> start(Config config);
  }
}
