package im.parley.cluster;

/**
 * A node was gone or silent: nobody knows whether it did what it was asked. An expected outcome,
 * not a bug: it has no stack trace.
 */
public final class NoAnswer extends RuntimeException {
  NoAnswer(String reason) {
    super(reason, null, false, false);
  }
}
