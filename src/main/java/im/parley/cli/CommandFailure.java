package im.parley.cli;

/** A command that could not do its work, for a reason outside of it, told in one line. */
final class CommandFailure extends Exception {
  private static final long serialVersionUID = 1L;

  /** {@code what} could not be done, because of {@code cause}. */
  CommandFailure(String what, Throwable cause) {
    super("cannot " + what + ": " + Mistakes.describe(cause), cause);
  }
}
