package im.parley.chat;

import im.parley.session.Session;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * A session as others may know it.
 *
 * @param id unique among nodes, ascending with time
 * @param remote the remote address as {@code ip:port}
 * @param node the name of the node that has its connection
 */
public record SessionInfo(
    long id, String user, String platform, String device, String remote, String node) {
  static SessionInfo of(Session session, String node) {
    return new SessionInfo(
        session.id(),
        session.user(),
        session.platform(),
        session.device(),
        session.connection().remote(),
        node);
  }

  static Object written(List<SessionInfo> all) {
    return new JsonArray(all.stream().map(SessionInfo::wire).toList());
  }

  static List<SessionInfo> readAll(Object json) {
    return ((JsonArray) json).stream().map(JsonObject.class::cast).map(SessionInfo::read).toList();
  }

  private JsonObject wire() {
    return new JsonObject()
        .put("id", id)
        .put("user", user)
        .put("platform", platform)
        .put("device", device)
        .put("remote", remote)
        .put("node", node);
  }

  private static SessionInfo read(JsonObject info) {
    return new SessionInfo(
        info.getLong("id"),
        info.getString("user"),
        info.getString("platform"),
        info.getString("device"),
        info.getString("remote"),
        info.getString("node"));
  }
}
