package im.parley.gateway;

import io.vertx.core.http.HttpConnection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Cuts HTTP connections that do not bring a request to its end in time, however they trickle; one
 * that upgrades leaves. Event loop only.
 */
final class RequestDeadlines {
  /** From the opening of a connection, or its latest request, to the next request. */
  static final int SECONDS = 60;

  private final Map<HttpConnection, Integer> due = new LinkedHashMap<>(); // earliest first

  /** A connection is open. */
  void opened(HttpConnection connection, int now) {
    due.put(connection, now + SECONDS);
    connection.closeHandler(closed -> due.remove(connection));
  }

  /** It has sent a request. */
  void requested(HttpConnection connection, int now) {
    if (due.remove(connection) != null) {
      due.put(connection, now + SECONDS);
    }
  }

  /** It is no HTTP connection any more. */
  void upgraded(HttpConnection connection) {
    due.remove(connection);
  }

  /** Cuts those that are late. */
  void sweep(int now) {
    Iterator<Map.Entry<HttpConnection, Integer>> oldest = due.entrySet().iterator();
    while (oldest.hasNext()) {
      Map.Entry<HttpConnection, Integer> entry = oldest.next();
      if (entry.getValue() > now) {
        return;
      }
      oldest.remove();
      entry.getKey().close();
    }
  }

  int size() {
    return due.size();
  }
}
