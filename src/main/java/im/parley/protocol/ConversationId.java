package im.parley.protocol;

/**
 * The ids of conversations: {@code direct:<a>:<b>} with both user ids in code unit order and {@code
 * %} and {@code :} in them escaped, and {@code room:<room>}.
 */
public final class ConversationId {
  private static final String DIRECT = "direct:";
  private static final String ROOM = "room:";

  private ConversationId() {}

  /** The conversation of two users, the same in either order; of a user with itself too. */
  public static String direct(String a, String b) {
    return a.compareTo(b) <= 0
        ? DIRECT + escape(a) + ':' + escape(b)
        : DIRECT + escape(b) + ':' + escape(a);
  }

  /** The conversation of a room. */
  public static String room(String room) {
    return ROOM + room;
  }

  /** Whether it is between two users. */
  public static boolean isDirect(String conversation) {
    return conversation.startsWith(DIRECT);
  }

  /** Whether it is a room's. */
  public static boolean isRoom(String conversation) {
    return conversation.startsWith(ROOM);
  }

  /** The room of a room's conversation. */
  public static String roomOf(String conversation) {
    return conversation.substring(ROOM.length());
  }

  /**
   * The other user of a direct conversation, {@code user} itself for a talk with oneself, or null
   * when {@code user} is not in it.
   */
  public static String peer(String conversation, String user) {
    int colon = conversation.indexOf(':', DIRECT.length());
    if (!isDirect(conversation) || colon < 0) {
      return null;
    }
    String first = unescape(conversation.substring(DIRECT.length(), colon));
    String second = unescape(conversation.substring(colon + 1));
    return first.equals(user) ? second : second.equals(user) ? first : null;
  }

  private static String escape(String user) {
    return user.indexOf('%') < 0 && user.indexOf(':') < 0
        ? user
        : user.replace("%", "%25").replace(":", "%3A");
  }

  private static String unescape(String part) {
    return part.indexOf('%') < 0 ? part : part.replace("%3A", ":").replace("%25", "%");
  }
}
