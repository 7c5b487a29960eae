package im.parley.http;

/**
 * A request that cannot be carried out as it is; the message says which value and what was
 * expected. Answered with 400.
 */
final class BadInput extends RuntimeException {
  BadInput(String reason) {
    super(reason, null, false, false);
  }
}
