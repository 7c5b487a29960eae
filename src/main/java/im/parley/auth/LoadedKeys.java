package im.parley.auth;

import java.time.Duration;

/**
 * What a key file or URL held.
 *
 * @param keys its keys
 * @param maxAge how long its owner says that they may be kept; {@link #UNSAID} if it does not
 */
record LoadedKeys(KeySet keys, Duration maxAge) {
  static final Duration UNSAID = Duration.ofDays(365);

  /** The most that a key set may have, from a file or the network. */
  static final int MAX_BYTES = 256 * 1024;
}
