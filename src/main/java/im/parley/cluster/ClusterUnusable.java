package im.parley.cluster;

/**
 * A cluster that cannot be joined, in one line for the operator: what was given, what was found and
 * what to do. Thrown before a node serves anyone; the command line prints the message and exits.
 */
public final class ClusterUnusable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** {@code problem} is the whole line; {@code cause} may be null. */
  ClusterUnusable(String problem, Throwable cause) {
    super(problem, cause);
  }
}
