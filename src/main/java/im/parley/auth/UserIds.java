package im.parley.auth;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** What a token may call a user. */
final class UserIds {
  static final int MAX_BYTES = 64;

  /** The rule in words, for messages. */
  static final String RULE = "1 to " + MAX_BYTES + " UTF-8 bytes without control characters";

  private UserIds() {}

  static boolean valid(String user) {
    // A character is at least a byte, so a giant is not encoded just to be measured.
    if (user.isEmpty()
        || user.length() > MAX_BYTES
        || user.chars().anyMatch(Character::isISOControl)) {
      return false;
    }
    try {
      // A new encoder reports half surrogate pairs, which have no UTF-8.
      ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(user));
      return utf8.remaining() <= MAX_BYTES;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
