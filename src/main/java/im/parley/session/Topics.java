package im.parley.session;

/** The names of topics. */
public final class Topics {
  private static final String USER = "user:";
  private static final String LOBBY = "lobby:";
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
    return LOBBY + app;
  }

  /** The one owner of an identity in one of prim's apps. */
  public static String identity(int app, String user) {
    return LOBBY + app + '/' + user;
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

  /** Whether a topic is one of {@link #user}. */
  public static boolean isUser(String topic) {
    return topic.startsWith(USER);
  }

  /** Whether a topic is one of {@link #identity}. */
  public static boolean isIdentity(String topic) {
    return topic.startsWith(LOBBY) && topic.indexOf('/') > 0;
  }

  /** Whose a topic of {@link #user} is. */
  public static String userOf(String topic) {
    return topic.substring(USER.length());
  }
}
