package im.parley.chat;

import im.parley.protocol.Fields;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far a client has a conversation.
 *
 * @param epoch the log's epoch when it was read
 * @param offset the last message it has, 0 for none
 */
public record Cursor(String epoch, long offset) {
  /** The cursors in a request: conversation id to {@code {"epoch","offset"}}. */
  public static Map<String, Cursor> read(Fields data) {
    Map<String, Cursor> cursors = new LinkedHashMap<>();
    Fields named = data.object("cursors");
    for (Map.Entry<String, Object> entry : named.values().entrySet()) {
      Fields cursor = named.object(entry.getKey());
      cursors.put(
          entry.getKey(),
          new Cursor(
              cursor.identifier("epoch", 64, ""), cursor.number("offset", 0, Long.MAX_VALUE, 0)));
    }
    return cursors;
  }
}
