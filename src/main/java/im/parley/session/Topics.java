package im.parley.session;

/** The names of topics. */
public final class Topics {
  private static final String USER = "user:";
  private static final String PRESENCE = "presence:";

  private Topics() {}

  /** All sessions of a user. */
  public static String user(String user) {
    return USER + user;
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
    return PRESENCE + user;
  }

  /** Whether a topic is one of {@link #presence}. */
  public static boolean isPresence(String topic) {
    return topic.startsWith(PRESENCE);
  }

  /** Whom a topic of {@link #presence} is about. */
  public static String watched(String topic) {
    return topic.substring(PRESENCE.length());
  }

  /** Whose a topic of {@link #user} is. */
  public static String userOf(String topic) {
    return topic.substring(USER.length());
  }
}
