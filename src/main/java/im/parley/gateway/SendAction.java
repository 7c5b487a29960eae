package im.parley.gateway;

import im.parley.chat.Content;
import im.parley.chat.Sender;
import im.parley.chat.Sending;
import im.parley.protocol.Fields;
import im.parley.protocol.Json;
import im.parley.session.Session;
import im.parley.store.Appended;
import io.vertx.core.Future;
import java.util.Map;

/**
 * {@code send}: appends a message to the log of a user or room; the reply says that it is durable,
 * and where.
 */
final class SendAction implements Action {
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
    Json.Writable body =
        json -> {
          json.beginObject();
          for (Map.Entry<String, Object> field : fields.values().entrySet()) {
            if (isContent(field.getKey())) {
              json.name(field.getKey());
              Json.write(json, field.getValue());
            }
          }
          json.endObject();
        };
    return Json.text(body);
  }

  /**
   * Whether a field is none of those that address the message or that the server sets. Whatever
   * their case: there are clients that would read a {@code From} as the sender.
   */
  static boolean isContent(String name) {
    return switch (name.length()) {
      case 2 -> !(name.equalsIgnoreCase("to") || name.equalsIgnoreCase("id"));
      case 3 -> !name.equalsIgnoreCase("cid");
      case 4 ->
          !(name.equalsIgnoreCase("type")
              || name.equalsIgnoreCase("from")
              || name.equalsIgnoreCase("time"));
      case 5 -> !name.equalsIgnoreCase("epoch");
      case 6 -> !name.equalsIgnoreCase("offset");
      case 8 -> !name.equalsIgnoreCase("platform");
      case 12 -> !name.equalsIgnoreCase("conversation");
      default -> true;
    };
  }
}
