package im.parley.cluster;

/**
 * The number of the language that nodes speak among themselves: frames, questions, directory
 * entries, the news about a node. Raise it when a node of the version before could not read, or
 * would misunderstand, what this one writes; a new field that the older ignores needs no new
 * number. Nodes of two numbers never form one cluster.
 */
final class ClusterProtocol {
  /** This version's number. */
  static final int NUMBER = 1;

  /** Lets a test start a node that speaks another. */
  static final String OVERRIDE = "im.parley.cluster.protocol";

  private ClusterProtocol() {}

  /** What this process speaks. */
  static int spoken() {
    return Integer.getInteger(OVERRIDE, NUMBER);
  }
}
