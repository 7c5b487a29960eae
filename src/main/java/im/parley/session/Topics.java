package im.parley.session;

/** The names of topics. */
public final class Topics {
  private Topics() {}

  /** All sessions of a user. */
  public static String user(String user) {
    return "user:" + user;
  }

  /** All sessions of a room's members. */
  public static String room(String room) {
    return "room:" + room;
  }

  /** All owners of an identity in one of prim's apps. */
  public static String lobby(int app) {
    return "lobby:" + app;
  }

  /** The one owner of an identity in one of prim's apps. */
  public static String identity(int app, String user) {
    return "lobby:" + app + '/' + user;
  }

  /** Those who watch a user. */
  public static String presence(String user) {
    return "presence:" + user;
  }
}
