package im.parley.store;

import io.vertx.core.Future;
import java.util.List;

/**
 * Who is in which conversation, and how far each member has read. Failures as in {@link
 * MessageStore}; every write is durable when its future completes. Futures complete on a thread of
 * the store.
 */
public interface ConversationStore {
  /**
   * The user's conversations in the order of their ids, after {@code afterConversation} ("" for the
   * first page).
   */
  Future<ConversationPage> conversations(String user, String afterConversation, int limit);

  /**
   * One conversation as {@code user} sees it; fails with NOT_MEMBER when the user is none of its
   * members.
   */
  Future<ConversationState> conversation(String user, String conversation);

  /**
   * Moves marks forward, never back; values above the head count as the head; read lifts delivered.
   * Fails with NOT_MEMBER.
   *
   * @param delivered offset, 0 to leave it
   * @param read offset, 0 to leave it
   */
  Future<Marks> mark(String user, String conversation, long delivered, long read);

  /**
   * Every member's marks of one conversation (for showing ticks), at most {@code limit} members, in
   * the order of user ids.
   */
  Future<List<MemberMarks>> marks(String conversation, int limit);

  /**
   * The members of a conversation in the order of their ids, after {@code afterUser} ("" for the
   * first page).
   */
  Future<List<Member>> members(String conversation, String afterUser, int limit);

  /** Whether {@code user} is a member. */
  Future<Boolean> isMember(String user, String conversation);

  /** One member. */
  record Member(String user, Role role, long joinedAt) {}

  /** One member's marks. */
  record MemberMarks(String user, long delivered, long read) {}

  /** What a member may do, in ascending power. */
  enum Role {
    MEMBER,
    ADMIN,
    OWNER
  }
}
