package im.parley.http;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far a node that stops has come.
 *
 * @param phase {@code none}, {@code notice} while clients are still taken in, then {@code closing}
 * @param connections open when the closing began; in the notice, open now
 * @param left open now
 * @param remainingMs until the last close, if nobody goes by himself
 */
public record DrainProgress(String phase, int connections, int left, long remainingMs) {
  /** Of a node that does not stop. */
  public static final DrainProgress NONE = new DrainProgress("none", 0, 0, 0);

  Map<String, Object> describe() {
    Map<String, Object> drain = new LinkedHashMap<>();
    drain.put("phase", phase);
    drain.put("connections", connections);
    drain.put("left", left);
    drain.put("remainingMs", remainingMs);
    return drain;
  }
}
