package im.parley.grpc;

import im.parley.chat.Content;
import im.parley.chat.Rooms;
import im.parley.chat.Sender;
import im.parley.chat.Sending;
import im.parley.grpc.v1.SendRequest;
import im.parley.grpc.v1.SendResponse;
import im.parley.protocol.ErrorCode;
import im.parley.protocol.Fields;
import im.parley.protocol.Json;
import im.parley.protocol.Message;
import im.parley.protocol.Refusal;
import im.parley.protocol.RequestReader;
import im.parley.store.Appended;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Set;

/** Carries out one send of a service. Any thread; futures complete on a thread of the store. */
final class Sends {
  /** The platform of messages that come from a service rather than from a session. */
  static final String PLATFORM = "service";

  private static final int NO_SESSION = 0;

  /** What the server itself says of a message, beside which the body's fields travel. */
  private static final Set<String> RESERVED =
      Set.of(
          "id", "conversation", "epoch", "offset", "from", "platform", "time", "cid", "type", "to");

  private final Sending sending;

  Sends(Sending sending) {
    this.sending = sending;
  }

  /** Sends; throws or fails with a refusal. */
  Future<SendResponse> send(SendRequest request) {
    Sender sender = new Sender(user("from", request.getFrom()), PLATFORM, NO_SESSION);
    Content content = content(request);
    return switch (request.getToCase()) {
      case USER ->
          sending.toUser(sender, user("user", request.getUser()), content).map(Sends::response);
      case ROOM ->
          sending.toRoom(sender, room(request.getRoom()), content, false).map(Sends::response);
      case TO_NOT_SET -> throw Fields.wrong("to", "user or room", null);
    };
  }

  /** The user id that {@code value} is, or ILLEGAL_USER. */
  static String user(String name, String value) {
    if (!Fields.isIdentifier(value, Sending.MAX_USER_BYTES)) {
      String rule =
          "a user id of 1 to " + Sending.MAX_USER_BYTES + " bytes without control characters";
      throw new Refusal(ErrorCode.ILLEGAL_USER, Fields.wrong(name, rule, value).reason());
    }
    return value;
  }

  private static String room(String value) {
    if (!Rooms.ROOM_ID.matcher(value).matches()) {
      throw Fields.wrong("room", "a room's id, " + Rooms.ROOM_ID.pattern(), value);
    }
    return value;
  }

  private static Content content(SendRequest request) {
    String type = request.getType().isEmpty() ? "text" : request.getType();
    String body =
        switch (request.getContentCase()) {
          case TEXT -> Json.text(Map.of("msg", request.getText()));
          case JSON -> body(request.getJson());
          case CONTENT_NOT_SET -> throw Fields.wrong("content", "text or json", null);
        };
    return new Content(request.getCid(), type, body);
  }

  /** The object again, without white space, so that the same content has the same text. */
  private static String body(String json) {
    Map<String, Object> fields = RequestReader.readObject(json);
    if (fields == null) {
      throw Fields.wrong("json", "the text of one JSON object", json);
    }
    for (String name : fields.keySet()) {
      if (RESERVED.contains(name)) {
        throw Fields.wrong("json", "names that are not the message's own", name);
      }
    }
    return Json.text(fields);
  }

  private static SendResponse response(Appended appended) {
    Message message = appended.message();
    return SendResponse.newBuilder()
        .setId(message.id())
        .setConversation(message.conversation())
        .setEpoch(message.epoch())
        .setOffset(message.offset())
        .setTime(message.time())
        .setDuplicate(appended.duplicate())
        .build();
  }
}
