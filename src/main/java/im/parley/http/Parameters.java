package im.parley.http;

import io.vertx.core.MultiMap;

/** Reads parameters the way prim does: nothing is refused. */
final class Parameters {
  private Parameters() {}

  /** A missing text is the empty one. */
  static String text(MultiMap parameters, String name) {
    String value = parameters.get(name);
    return value == null ? "" : value;
  }

  /** A missing or unreadable app is 0. */
  static int app(MultiMap parameters) {
    try {
      return Integer.parseInt(text(parameters, "appID"));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
