package im.parley;

import im.parley.cli.ParleyCommand;
import im.parley.cli.RunningNode;

/**
 * Where the process starts: hands the command line to its command, and that the way to start a
 * node.
 */
public final class Main {
  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(ParleyCommand.run(args, config -> Node.start(config).map(Main::running)));
  }

  private static RunningNode running(Node node) {
    return new RunningNode(
        node.wsPorts(), node.httpPort(), node.grpcPort(), node.adminPort(), node::stop);
  }
}
