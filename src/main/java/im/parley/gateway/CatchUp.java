package im.parley.gateway;

import im.parley.chat.Cursor;
import im.parley.chat.Syncing;
import im.parley.protocol.Message;
import im.parley.protocol.Push;
import im.parley.session.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Pushes what a client has missed right after its login, in order, while live messages wait; then
 * hands those out. What is more than fits, in messages or unsent bytes, is left to the client: a
 * {@code resync} push names those conversations. Event loop only.
 */
final class CatchUp {
  private final Exchange exchange;
  private final Session session;
  private final Map<String, Long> pushed =
      new HashMap<>(); // conversation to the last offset pushed
  private final Set<String> unfinished = new HashSet<>();

  CatchUp(Exchange exchange, Session session) {
    this.exchange = exchange;
    this.session = session;
  }

  void run(Map<String, Cursor> cursors) {
    Syncing syncing = exchange.chat().syncing();
    syncing
        .missed(session.user(), cursors, syncing.limit())
        .onComplete(
            missed ->
                exchange
                    .gateway()
                    .inbox()
                    .put(() -> finish(missed.succeeded() ? missed.result() : null)));
  }

  private void finish(Syncing.Missed missed) {
    boolean everything = missed == null || missed.more();
    if (missed != null) {
      missed.parts().forEach(this::push);
    }
    List<Push> held = new ArrayList<>();
    everything |= session.caughtUp(held);
    for (Push push : held) {
      Message message = push.message();
      if (!unfinished.contains(message.conversation())
          && message.offset() > pushed.getOrDefault(message.conversation(), 0L)) {
        session.deliver(push);
      }
    }
    if (everything) {
      session.deliver(Push.of("resync", "", Map.of("all", true)));
    } else if (!unfinished.isEmpty()) {
      session.deliver(Push.of("resync", "", Map.of("conversations", new ArrayList<>(unfinished))));
    }
  }

  private void push(Syncing.Part part) {
    int budget = exchange.connection().clientLoop().config().gateway().softBudgetBytes();
    // No messages: the cursor is ahead of the log, so the client has what the log has not.
    boolean whole = part.gapFrom() == 0 && !part.more() && !part.messages().isEmpty();
    for (Message message : part.messages()) {
      if (exchange.connection().pendingBytes() > budget) {
        whole = false;
        break;
      }
      session.deliverNow(Push.of(message));
      pushed.put(part.conversation(), message.offset());
    }
    if (!whole) {
      unfinished.add(part.conversation());
    }
  }
}
