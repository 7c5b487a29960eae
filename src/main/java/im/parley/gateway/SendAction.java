package im.parley.gateway;

import im.parley.chat.Content;
import im.parley.chat.Sender;
import im.parley.chat.Sending;
import im.parley.protocol.Fields;
import im.parley.protocol.Json;
import im.parley.session.Session;
import im.parley.store.Appended;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code send}: appends a message to the log of a user or room; the reply says that it is durable,
 * and where.
 */
final class SendAction implements Action {
  /**
   * Fields that address the message or that the server sets; all others are its content. Whatever their case: there are clients that
   * would read a {@code From} as the sender.
   */
  private static final Set<String> NOT_CONTENT = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  static {
    NOT_CONTENT.addAll(
        List.of("to", "cid", "type", "id", "conversation", "epoch", "offset", "from", "platform", "time"));
  }

  @Override
  public void handle(Exchange exchange) {
    Session session = exchange.session();
    Fields fields = exchange.fields();
    Fields to = fields.object("to");
    String user = to.optionalText("user");
    String room = to.optionalText("room");
    if ((user == null) == (room == null)) {
      throw Fields.wrong("to", "either {\"user\":…} or {\"room\":…}", fields.raw("to"));
    }
    String type = fields.optionalText("type");
    Content content =
        new Content(fields.optionalText("cid"), type == null ? "text" : type, body(fields));
    Sender sender = Sender.of(session);
    Sending sending = exchange.chat().sending();
    Future<Appended> sent =
        user != null
            ? sending.toUser(sender, user, content)
            : sending.toRoom(sender, room, content, session.rooms().contains(room));
    exchange.replyWith(sent, Sending::reply);
  }

  private static String body(Fields fields) {
    Map<String, Object> body = new LinkedHashMap<>(fields.values());
    body.keySet().removeIf(NOT_CONTENT::contains);
    return Json.text(body);
  }
}
