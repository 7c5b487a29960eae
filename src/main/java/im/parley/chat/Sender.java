package im.parley.chat;

import im.parley.session.Session;

/**
 * On whose behalf something is done.
 *
 * @param user the user's id
 * @param platform what it came from
 * @param session the session that asked, which gets a reply and so no push; 0 for none
 */
public record Sender(String user, String platform, long session) {
  /** The sender that a session is. */
  public static Sender of(Session session) {
    return new Sender(session.user(), session.platform(), session.id());
  }
}
