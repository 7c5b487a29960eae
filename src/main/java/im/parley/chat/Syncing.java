package im.parley.chat;

import im.parley.config.ChatConfig;
import im.parley.protocol.Message;
import im.parley.store.ConversationPage;
import im.parley.store.ConversationState;
import im.parley.store.LogPage;
import im.parley.store.Store;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings a client up to date: per conversation all that follows its cursor, in order, or an honest
 * gap. Any thread; futures complete on a thread of the store.
 */
public final class Syncing {
  private static final int CONVERSATIONS_A_READ = 200;

  private final Store store;
  private final ChatConfig config;

  Syncing(Store store, ChatConfig config) {
    this.store = store;
    this.config = config;
  }

  /** The most messages of one answer. */
  public int limit() {
    return config.syncLimit();
  }

  /**
   * What {@code user} has missed. Conversations that the cursors do not name start at 0; those
   * named in another epoch too.
   *
   * @param limit messages in all, at most {@link #limit()}
   */
  public Future<Missed> missed(String user, Map<String, Cursor> cursors, int limit) {
    return page(user, cursors, "", Math.min(limit, config.syncLimit()), new ArrayList<>());
  }

  private Future<Missed> page(
      String user, Map<String, Cursor> cursors, String after, int budget, List<Part> parts) {
    return store
        .conversations()
        .conversations(user, after, CONVERSATIONS_A_READ)
        .compose(
            page ->
                read(page.conversations().iterator(), cursors, budget, parts)
                    .compose(
                        left -> {
                          if (left < 0) {
                            return Future.succeededFuture(new Missed(parts, true));
                          }
                          return page.more()
                              ? page(user, cursors, last(page), left, parts)
                              : Future.succeededFuture(new Missed(parts, false));
                        }));
  }

  /** Reads what follows the cursors; the budget that is left, -1 when it did not suffice. */
  private Future<Integer> read(
      Iterator<ConversationState> states,
      Map<String, Cursor> cursors,
      int budget,
      List<Part> parts) {
    while (states.hasNext()) {
      ConversationState state = states.next();
      Cursor cursor = cursors.get(state.conversation());
      boolean known = cursor != null && cursor.epoch().equals(state.epoch());
      long have = known ? cursor.offset() : 0;
      if (have == state.head() || !known && cursor == null && state.head() == 0) {
        continue;
      }
      if (have > state.head() || state.head() == 0) {
        parts.add(
            new Part(state.conversation(), state.epoch(), state.head(), List.of(), 0, 0, false));
        continue;
      }
      if (budget == 0) {
        return Future.succeededFuture(-1);
      }
      return store
          .messages()
          .readAfter(state.conversation(), have, budget)
          .compose(
              page -> {
                parts.add(part(page, have));
                return page.more()
                    ? Future.succeededFuture(-1)
                    : read(states, cursors, budget - page.messages().size(), parts);
              });
    }
    return Future.succeededFuture(budget);
  }

  private static Part part(LogPage page, long have) {
    boolean gap = page.first() > have + 1;
    return new Part(
        page.conversation(),
        page.epoch(),
        page.head(),
        page.messages(),
        gap ? have + 1 : 0,
        gap ? page.first() - 1 : 0,
        page.more());
  }

  private static String last(ConversationPage page) {
    return page.conversations().get(page.conversations().size() - 1).conversation();
  }

  /**
   * An answer.
   *
   * @param parts by conversation
   * @param more whether to ask again with the cursors moved on
   */
  public record Missed(List<Part> parts, boolean more) {
    /** The wire form. */
    public Map<String, Object> wire() {
      Map<String, Object> wire = new LinkedHashMap<>();
      wire.put("conversations", parts.stream().map(Part::wire).toList());
      wire.put("more", more);
      return wire;
    }
  }

  /**
   * What follows one cursor.
   *
   * @param gapFrom first offset that retention has trimmed, 0 for no gap
   * @param gapTo last such offset
   * @param more whether this conversation has more than was read
   */
  public record Part(
      String conversation,
      String epoch,
      long head,
      List<Message> messages,
      long gapFrom,
      long gapTo,
      boolean more) {
    private Map<String, Object> wire() {
      Map<String, Object> wire = new LinkedHashMap<>();
      wire.put("conversation", conversation);
      wire.put("epoch", epoch);
      wire.put("head", head);
      wire.put("messages", messages);
      wire.put("gap", gapFrom == 0 ? null : Map.of("from", gapFrom, "to", gapTo));
      wire.put("more", more);
      return wire;
    }
  }
}
