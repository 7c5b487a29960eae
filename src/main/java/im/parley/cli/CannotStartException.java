package im.parley.cli;

/** A node that did not start, for a reason outside the program. */
final class CannotStartException extends Exception {
  private static final long serialVersionUID = 1L;

  CannotStartException(Throwable cause) {
    super("cannot start: " + Mistakes.describe(cause), cause);
  }
}
