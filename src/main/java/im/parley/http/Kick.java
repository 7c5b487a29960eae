package im.parley.http;

import im.parley.protocol.CloseCode;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whom an operator sends away.
 *
 * @param user whose sessions
 * @param sessions which of them, empty for all
 * @param reason what the client is told
 */
record Kick(String user, Set<Long> sessions, CloseCode reason) {
  private static final Map<String, CloseCode> REASONS =
      new TreeMap<>(
          Map.of(
              "removed",
              CloseCode.REMOVED,
              "banned",
              CloseCode.BANNED,
              "resync",
              CloseCode.RESYNC));

  /** Reads {@code {"user","sessions"?,"reason"?}}. */
  static Kick of(String text) {
    JsonObject body = object(text);
    return new Kick(
        user(body.getValue("user")),
        sessions(body.getValue("sessions")),
        reason(body.getValue("reason")));
  }

  private static JsonObject object(String text) {
    try {
      return new JsonObject(text == null ? "" : text);
    } catch (DecodeException e) {
      throw new BadInput("body: expected one JSON object");
    }
  }

  private static String user(Object value) {
    if (value instanceof String user && !user.isEmpty()) {
      return user;
    }
    throw new BadInput("user: " + value + ", expected the id of a user");
  }

  private static Set<Long> sessions(Object value) {
    Set<Long> ids = new HashSet<>();
    if (value instanceof JsonArray array && !array.isEmpty()) {
      for (Object id : array) {
        ids.add(session(id));
      }
    } else if (value != null) {
      // An empty list is not taken for all: whoever computed it meant nobody.
      throw new BadInput(
          "sessions: " + value + ", expected ids, or no such field for all sessions");
    }
    return ids;
  }

  /** Ids are texts, because JavaScript's numbers end at 2^53; a number that fits is fine too. */
  private static long session(Object id) {
    try {
      return Long.parseLong(String.valueOf(id));
    } catch (NumberFormatException e) {
      throw new BadInput("sessions: " + id + ", expected ids as /admin/sessions names them");
    }
  }

  private static CloseCode reason(Object value) {
    CloseCode code =
        value == null ? CloseCode.REMOVED : value instanceof String name ? REASONS.get(name) : null;
    if (code == null) {
      throw new BadInput("reason: " + value + ", expected one of " + REASONS.keySet());
    }
    return code;
  }
}
