package im.parley;

import im.parley.cli.ParleyCommand;
import im.parley.cli.RunningNode;

/**
 * Where the process starts: hands the command line to its command, and that the way to start a
 * node.
 */
public final class Main {
  private static final String PARALLELISM = "java.util.concurrent.ForkJoinPool.common.parallelism";
  private static final int LEAST_PARALLELISM = 4;

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    widenCommonPool();
    System.exit(ParleyCommand.run(args, config -> Node.start(config).map(Main::running)));
  }

  /**
   * On one or two cores the common pool has one thread, and Hazelcast then takes a new thread for
   * each asynchronous call. To be called before anything uses the pool.
   */
  private static void widenCommonPool() {
    if (System.getProperty(PARALLELISM) == null
        && Runtime.getRuntime().availableProcessors() <= LEAST_PARALLELISM) {
      System.setProperty(PARALLELISM, Integer.toString(LEAST_PARALLELISM));
    }
  }

  private static RunningNode running(Node node) {
    return new RunningNode(
        node.wsPorts(), node.httpPort(), node.grpcPort(), node.adminPort(), node::stop);
  }
}
