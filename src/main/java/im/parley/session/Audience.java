package im.parley.session;

import im.parley.protocol.Push;
import java.util.function.Consumer;

/**
 * Who gets a push: the listeners of one or two topics, each once, but for one session or one user.
 * Plain data, so that it can travel.
 *
 * @param topic its listeners
 * @param other its listeners too; null for none. No session listens to both: they are two users'.
 * @param exceptSession this session does not get it; 0 for none
 * @param exceptUser this user's sessions do not get it; null for none
 */
public record Audience(String topic, String other, long exceptSession, String exceptUser) {
  /** All listeners of a topic. */
  public static Audience of(String topic) {
    return new Audience(topic, null, 0, null);
  }

  /** The sessions of two users, who may be the same. */
  public static Audience users(String a, String b) {
    return new Audience(Topics.user(a), a.equals(b) ? null : Topics.user(b), 0, null);
  }

  /** The same without one session. */
  public Audience but(long session) {
    return new Audience(topic, other, session, exceptUser);
  }

  /** The same without one user. */
  public Audience butUser(String user) {
    return new Audience(topic, other, exceptSession, user);
  }

  /** The same with all listeners. */
  Audience everyone() {
    return new Audience(topic, other, 0, null);
  }

  /** Delivers to those of one gateway. Its event loop only. */
  void deliver(Push push, TopicTable topics) {
    forEach(topics, session -> session.deliver(push));
  }

  /** Calls {@code action} for those of one gateway. Its event loop only. */
  void forEach(TopicTable topics, Consumer<Session> action) {
    topics.forEach(topic, session -> ifMeant(session, action));
    if (other != null) {
      topics.forEach(other, session -> ifMeant(session, action));
    }
  }

  private void ifMeant(Session session, Consumer<Session> action) {
    if (session.id() != exceptSession && !session.user().equals(exceptUser)) {
      action.accept(session);
    }
  }
}
