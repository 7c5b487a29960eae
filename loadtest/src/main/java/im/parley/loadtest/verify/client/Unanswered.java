package im.parley.loadtest.verify.client;

/**
 * A request without a reply: the connection ended first. It may or may not have been carried out.
 */
final class Unanswered extends Exception {
  Unanswered() {
    super("no reply", null, false, false);
  }
}
