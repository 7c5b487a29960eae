package im.parley.store;

/**
 * A store that cannot be opened, in one line for the operator: what is wrong, where, and what to
 * do. Thrown before a node serves anyone; the command line prints the message and exits.
 */
public final class StoreUnusable extends RuntimeException {
  /** {@code problem} is the whole line; {@code cause} may be null. */
  public StoreUnusable(String problem, Throwable cause) {
    super(problem, cause);
  }
}
