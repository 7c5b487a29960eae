package im.parley.gateway;

import im.parley.chat.Rooms;
import im.parley.chat.Sending;
import im.parley.protocol.ConversationId;
import im.parley.protocol.Fields;
import im.parley.store.ConversationStore.Member;
import im.parley.store.RoomStore.JoinPolicy;
import im.parley.store.RoomStore.Room;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code room.create}, {@code .join}, {@code .leave}, {@code .members}, {@code .list}. */
final class RoomActions {
  private static final int MAX_NAME_BYTES = 200;
  private static final int PAGE = 100;
  private static final int MAX_PAGE = 1000;

  private RoomActions() {}

  static void addTo(Map<String, Action> actions) {
    actions.put("room.create", RoomActions::create);
    actions.put("room.join", RoomActions::join);
    actions.put("room.leave", RoomActions::leave);
    actions.put("room.members", RoomActions::members);
    actions.put("room.list", RoomActions::list);
  }

  private static void create(Exchange exchange) {
    String owner = exchange.session().user();
    Fields fields = exchange.fields();
    Rooms rooms = exchange.chat().rooms();
    List<String> members =
        fields.identifiers("members", Sending.MAX_USER_BYTES, rooms.maxMembers());
    exchange.replyWith(
        rooms.create(
            owner,
            fields.optionalText("room"),
            fields.identifier("name", MAX_NAME_BYTES, null),
            members,
            join(fields)),
        RoomActions::reference);
  }

  private static JoinPolicy join(Fields fields) {
    String join = fields.optionalText("join");
    if (join == null) {
      return JoinPolicy.OPEN;
    }
    for (JoinPolicy policy : JoinPolicy.values()) {
      if (policy.name().toLowerCase(Locale.ROOT).equals(join)) {
        return policy;
      }
    }
    throw Fields.wrong("join", "open, approval or invite", join);
  }

  private static void join(Exchange exchange) {
    String user = exchange.session().user();
    exchange.replyWith(exchange.chat().rooms().join(user, room(exchange)), RoomActions::reference);
  }

  private static void leave(Exchange exchange) {
    String user = exchange.session().user();
    exchange.replyWith(exchange.chat().rooms().leave(user, room(exchange)), RoomActions::reference);
  }

  private static void members(Exchange exchange) {
    String user = exchange.session().user();
    Fields fields = exchange.fields();
    String room = room(exchange);
    int limit = (int) fields.number("limit", 1, MAX_PAGE, PAGE);
    String after = fields.identifier("after", Sending.MAX_USER_BYTES, "");
    exchange.replyWith(
        exchange.chat().rooms().members(user, room, after, limit + 1),
        found -> {
          Map<String, Object> reply = new LinkedHashMap<>();
          reply.put("room", room);
          reply.put("members", found.stream().limit(limit).map(RoomActions::wire).toList());
          reply.put("more", found.size() > limit);
          return reply;
        });
  }

  private static void list(Exchange exchange) {
    exchange.session();
    Fields fields = exchange.fields();
    int limit = (int) fields.number("limit", 1, MAX_PAGE, PAGE);
    exchange.replyWith(
        exchange.chat().rooms().open(fields.identifier("after", 64, ""), limit + 1),
        found -> {
          Map<String, Object> reply = new LinkedHashMap<>();
          reply.put("rooms", found.stream().limit(limit).map(Rooms::wire).toList());
          reply.put("more", found.size() > limit);
          return reply;
        });
  }

  private static String room(Exchange exchange) {
    return exchange.fields().identifier("room", 64);
  }

  private static Map<String, Object> reference(Room room) {
    Map<String, Object> reference = new LinkedHashMap<>();
    reference.put("room", room.room());
    reference.put("conversation", ConversationId.room(room.room()));
    return reference;
  }

  private static Map<String, Object> wire(Member member) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("user", member.user());
    wire.put("role", member.role().name().toLowerCase(Locale.ROOT));
    return wire;
  }
}
