package im.parley.chat;

import im.parley.protocol.ConversationId;
import im.parley.protocol.Push;
import im.parley.session.Audience;
import im.parley.session.Router;
import im.parley.store.Marks;
import im.parley.store.Store;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Delivered and read marks: the peer sees ticks, the user's other devices learn what is read. Any
 * thread.
 */
public final class Receipts {
  private final Store store;
  private final Router router;

  Receipts(Store store, Router router) {
    this.store = store;
    this.router = router;
  }

  /** Moves the marks of the sender; offsets of 0 leave a mark as it is. */
  public Future<Marks> acknowledge(Sender sender, String conversation, long delivered, long read) {
    return store
        .conversations()
        .mark(sender.user(), conversation, delivered, read)
        .onSuccess(
            marks -> {
              if (marks.changed()) {
                tell(sender, conversation, marks);
              }
            });
  }

  /** The wire form of marks. */
  public static Map<String, Object> wire(String conversation, Marks marks) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("conversation", conversation);
    wire.put("delivered", marks.delivered());
    wire.put("read", marks.read());
    return wire;
  }

  private void tell(Sender sender, String conversation, Marks marks) {
    Map<String, Object> data = wire(conversation, marks);
    data.put("user", sender.user());
    Push push = Push.droppable("receipt", "", data); // the list of conversations has the marks too
    String peer =
        ConversationId.isDirect(conversation)
            ? ConversationId.peer(conversation, sender.user())
            : sender.user();
    router.route(push, Audience.users(sender.user(), peer).but(sender.session()));
  }
}
