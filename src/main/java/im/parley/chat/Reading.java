package im.parley.chat;

import im.parley.config.ChatConfig;
import im.parley.protocol.ConversationId;
import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import im.parley.store.ConversationState;
import im.parley.store.ConversationStore.MemberMarks;
import im.parley.store.LogPage;
import im.parley.store.Store;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads conversations for their members. Any thread; futures complete on a thread of the store. */
public final class Reading {
  private final Store store;
  private final ChatConfig config;

  Reading(Store store, ChatConfig config) {
    this.store = store;
    this.config = config;
  }

  /** The most messages of one page. */
  public int pageLimit() {
    return config.pageLimit();
  }

  /** Messages after an offset, oldest first. */
  public Future<LogPage> after(String user, String conversation, long offset, int limit) {
    return member(user, conversation)
        .compose(
            ok ->
                store
                    .messages()
                    .readAfter(conversation, offset, Math.min(limit, config.pageLimit())));
  }

  /** The newest messages before an offset, ascending; {@code Long.MAX_VALUE} for the end. */
  public Future<LogPage> before(String user, String conversation, long offset, int limit) {
    return member(user, conversation)
        .compose(
            ok ->
                store
                    .messages()
                    .readBefore(conversation, offset, Math.min(limit, config.pageLimit())));
  }

  /**
   * Like {@link #after(String, String, long, int)} for a service, which needs no membership;
   * NOT_FOUND for what is no conversation.
   */
  public Future<LogPage> after(String conversation, long offset, int limit) {
    return exists(conversation)
        .compose(
            ok ->
                store
                    .messages()
                    .readAfter(conversation, offset, Math.min(limit, config.pageLimit())));
  }

  /**
   * Like {@link #before(String, String, long, int)} for a service, which needs no membership;
   * NOT_FOUND for what is no conversation.
   */
  public Future<LogPage> before(String conversation, long offset, int limit) {
    return exists(conversation)
        .compose(
            ok ->
                store
                    .messages()
                    .readBefore(conversation, offset, Math.min(limit, config.pageLimit())));
  }

  /** The wire form of a page of history. */
  public static Map<String, Object> wire(LogPage page) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("conversation", page.conversation());
    wire.put("epoch", page.epoch());
    wire.put("first", page.first());
    wire.put("head", page.head());
    wire.put("messages", page.messages());
    wire.put("more", page.more());
    return wire;
  }

  /** The reply of {@code conversations}: the user's list, page by page in the order of ids. */
  public Future<Map<String, Object>> conversations(String user, String after, int limit) {
    return store
        .conversations()
        .conversations(user, after, Math.min(limit, config.pageLimit()))
        .compose(
            page -> {
              List<Future<Map<String, Object>>> entries =
                  page.conversations().stream().map(state -> entry(user, state)).toList();
              return Future.all(entries)
                  .map(
                      all -> {
                        Map<String, Object> reply = new LinkedHashMap<>();
                        reply.put("conversations", all.list());
                        reply.put("more", page.more());
                        return reply;
                      });
            });
  }

  /**
   * The heads of the conversations that have messages after their cursor, and of all {@code
   * missed}: {@code {"conversation","epoch","head"}} each. What {@code user} is no member of is
   * left out.
   */
  public Future<List<Map<String, Object>>> heads(
      String user, Map<String, Cursor> cursors, Set<String> missed) {
    Set<String> asked = new LinkedHashSet<>(missed);
    cursors.keySet().stream().limit(config.pageLimit()).forEach(asked::add);
    List<Future<ConversationState>> states =
        asked.stream()
            .map(
                each ->
                    store
                        .conversations()
                        .conversation(user, each)
                        .otherwise((ConversationState) null))
            .toList();
    return Future.all(states)
        .map(
            all -> {
              List<Map<String, Object>> heads = new ArrayList<>();
              for (ConversationState state : all.<ConversationState>list()) {
                if (state != null
                    && (missed.contains(state.conversation()) || isBehind(cursors, state))) {
                  Map<String, Object> head = new LinkedHashMap<>();
                  head.put("conversation", state.conversation());
                  head.put("epoch", state.epoch());
                  head.put("head", state.head());
                  heads.add(head);
                }
              }
              return heads;
            });
  }

  private static boolean isBehind(Map<String, Cursor> cursors, ConversationState state) {
    Cursor cursor = cursors.get(state.conversation());
    return cursor != null
        && !(cursor.epoch().equals(state.epoch()) && cursor.offset() >= state.head());
  }

  /**
   * Fails unless {@code user} is a member: NOT_MEMBER, or NOT_FOUND for what is no conversation.
   */
  Future<Void> member(String user, String conversation) {
    if (ConversationId.isDirect(conversation)) {
      return ConversationId.peer(conversation, user) != null
          ? Future.succeededFuture()
          : notMember(conversation);
    }
    if (!ConversationId.isRoom(conversation)) {
      return notFound(conversation);
    }
    return store
        .conversations()
        .isMember(user, conversation)
        .compose(isMember -> isMember ? Future.succeededFuture() : notMember(conversation));
  }

  private Future<Void> exists(String conversation) {
    if (ConversationId.isDirect(conversation)) {
      return Future.succeededFuture(); // any two users' is one, if only an empty one
    }
    return ConversationId.isRoom(conversation)
        ? store.rooms().room(ConversationId.roomOf(conversation)).mapEmpty()
        : notFound(conversation);
  }

  private static Future<Void> notFound(String conversation) {
    return Future.failedFuture(
        new Refusal(
            ErrorCode.NOT_FOUND, "conversation: there is none of id " + shown(conversation)));
  }

  private static Future<Void> notMember(String conversation) {
    return Future.failedFuture(
        new Refusal(
            ErrorCode.NOT_MEMBER, "conversation: you are not a member of " + shown(conversation)));
  }

  private static String shown(String conversation) {
    return conversation.length() > 80 ? conversation.substring(0, 80) + "…" : conversation;
  }

  private Future<Map<String, Object>> entry(String user, ConversationState state) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("conversation", state.conversation());
    entry.put("epoch", state.epoch());
    entry.put("head", state.head());
    entry.put("unread", state.unread());
    entry.put("delivered", state.delivered());
    entry.put("read", state.read());
    entry.put("last", state.last());
    if (ConversationId.isRoom(state.conversation())) {
      return store
          .rooms()
          .room(ConversationId.roomOf(state.conversation()))
          .map(
              room -> {
                entry.put("name", room.name());
                return entry;
              });
    }
    return store
        .conversations()
        .marks(state.conversation(), 2)
        .map(
            marks -> {
              List<Map<String, Object>> peers = new ArrayList<>(1);
              for (MemberMarks mark : marks) {
                if (!mark.user().equals(user)) {
                  peers.add(
                      Map.of(
                          "user", mark.user(), "delivered", mark.delivered(), "read", mark.read()));
                }
              }
              entry.put("peers", peers);
              return entry;
            });
  }
}
