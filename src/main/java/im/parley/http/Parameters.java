package im.parley.http;

import io.vertx.core.MultiMap;
import java.util.Map;

/**
 * The parameters of prim's routes. As in prim nothing is refused: a missing text is empty, a
 * missing or unreadable number is 0.
 */
record Parameters(MultiMap values) {
  int app() {
    try {
      return Integer.parseInt(first("appID", "appId", "appPlatform"));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  String user() {
    return first("userID", "userId");
  }

  String messageId() {
    return first("msgID", "msgId");
  }

  String message() {
    return first("message");
  }

  boolean isDebug() {
    return first("isDebug").equals("true");
  }

  /** The names are one dialect of prim's each. */
  private String first(String... names) {
    for (String name : names) {
      for (Map.Entry<String, String> entry : values) {
        if (entry.getKey().equals(name)) { // the map itself ignores case, prim does not
          return entry.getValue();
        }
      }
    }
    return "";
  }
}
