package im.parley.chat;

import im.parley.config.ChatConfig;
import im.parley.protocol.ConversationId;
import im.parley.protocol.ErrorCode;
import im.parley.protocol.Fields;
import im.parley.protocol.Push;
import im.parley.protocol.Refusal;
import im.parley.session.Audience;
import im.parley.session.Gateway;
import im.parley.session.Query;
import im.parley.session.Router;
import im.parley.session.Session;
import im.parley.session.Topics;
import im.parley.store.ConversationStore.Member;
import im.parley.store.RoomStore.JoinPolicy;
import im.parley.store.RoomStore.Limits;
import im.parley.store.RoomStore.Room;
import im.parley.store.Store;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Rooms: create, join, leave, members. The store has the truth; the members' live sessions are told
 * to listen or to stop. Any thread; futures complete when this node's sessions listen.
 */
public final class Rooms {
  /** What a room may be called in ids. */
  public static final Pattern ROOM_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private final Store store;
  private final Router router;
  private final ChatConfig config;
  private final Limits limits;
  private final MessageIds ids;
  private final Clock clock;
  private final Query<Boolean> joined;
  private final Query<Boolean> left;

  Rooms(Store store, Router router, ChatConfig config, MessageIds ids, Clock clock) {
    this.store = store;
    this.router = router;
    this.config = config;
    this.limits = new Limits(config.maxRoomMembers(), config.maxRoomsPerUser());
    this.ids = ids;
    this.clock = clock;
    this.joined = router.query("room.joined", Rooms::joined, done -> done, Boolean.class::cast);
    this.left = router.query("room.left", Rooms::left, done -> done, Boolean.class::cast);
  }

  /** The most members of a room. */
  public int maxMembers() {
    return config.maxRoomMembers();
  }

  /**
   * Creates a room.
   *
   * @param room its id, or null for one that the server makes
   * @param members first members beside the owner
   */
  public Future<Room> create(
      String owner, String room, String name, List<String> members, JoinPolicy join) {
    String id = room == null ? ids.next() : checked(room);
    Set<String> all = new LinkedHashSet<>(members);
    all.remove(owner);
    if (all.size() + 1 > config.maxRoomMembers()) {
      throw new Refusal(
          ErrorCode.TOO_LARGE, "members: a room has at most " + config.maxRoomMembers());
    }
    Room created =
        new Room(
            id,
            ConversationId.room(id),
            name == null ? id : name,
            owner,
            join,
            clock.millis(),
            all.size() + 1);
    return store
        .rooms()
        .create(created, List.copyOf(all), limits)
        .compose(
            isNew -> {
              List<Future<Void>> listening = new ArrayList<>();
              listening.add(listen(owner, created, isNew ? "create" : null, owner));
              all.forEach(
                  member -> listening.add(listen(member, created, isNew ? "create" : null, owner)));
              return Future.all(listening).map(created);
            });
  }

  /** Joins an open room; joining twice is no error. */
  public Future<Room> join(String user, String room) {
    return store
        .rooms()
        .room(checked(room))
        .compose(
            found ->
                store
                    .conversations()
                    .isMember(user, found.conversation())
                    .compose(is -> join(user, found, is)));
  }

  /** Leaves a room; NOT_MEMBER when the user is none of its members. */
  public Future<Room> leave(String user, String room) {
    return store
        .rooms()
        .room(checked(room))
        .compose(
            found ->
                store
                    .rooms()
                    .remove(room, user)
                    .compose(
                        removed ->
                            removed
                                ? silence(user, found)
                                    .onSuccess(done -> announce(found, "leave", user))
                                    .map(found)
                                : Future.failedFuture(notMember(room))));
  }

  /** The members of a room, for its members and, of an open room, for everyone. */
  public Future<List<Member>> members(String user, String room, String after, int limit) {
    return store
        .rooms()
        .room(checked(room))
        .compose(
            found ->
                found.join() == JoinPolicy.OPEN
                    ? Future.succeededFuture(found)
                    : store
                        .conversations()
                        .isMember(user, found.conversation())
                        .compose(
                            is ->
                                is
                                    ? Future.succeededFuture(found)
                                    : Future.failedFuture(notMember(room))))
        .compose(found -> store.conversations().members(found.conversation(), after, limit));
  }

  /** Rooms that anyone may join. */
  public Future<List<Room>> open(String after, int limit) {
    return store.rooms().openRooms(after, limit);
  }

  /** The wire form of a room. */
  public static Map<String, Object> wire(Room room) {
    Map<String, Object> wire = new LinkedHashMap<>();
    wire.put("room", room.room());
    wire.put("conversation", room.conversation());
    wire.put("name", room.name());
    wire.put("owner", room.owner());
    wire.put("join", room.join().name().toLowerCase(Locale.ROOT));
    wire.put("members", room.members());
    return wire;
  }

  private Future<Room> join(String user, Room room, boolean already) {
    if (already) {
      return listen(user, room, null, user).map(room);
    }
    if (room.join() != JoinPolicy.OPEN) {
      return Future.failedFuture(
          new Refusal(
              ErrorCode.FORBIDDEN, "room: " + room.room() + " takes only those whom it invites"));
    }
    if (room.members() >= config.maxRoomMembers()) {
      // The store decides, but a room that has long been full costs it no write.
      return Future.failedFuture(limits.full(room.room()));
    }
    return store
        .rooms()
        .add(room.room(), List.of(user), limits)
        .compose(added -> listen(user, room, "join", user))
        .onSuccess(done -> announce(room, "join", user))
        .map(room);
  }

  /** The user's sessions begin to listen; each hears of {@code event} when it is not null. */
  private Future<Void> listen(String user, Room room, String event, String by) {
    return router.ask(joined, Topics.user(user), change(user, room, event, by)).mapEmpty();
  }

  private static Boolean joined(Gateway gateway, JsonObject change) {
    JsonObject data = change.getJsonObject("data");
    String room = data.getString("room");
    Push push = data.getString("event") == null ? null : event(data);
    for (Session session : gateway.topics().list(Topics.user(change.getString("user")))) {
      if (session.joined(room)) {
        gateway.topics().add(Topics.room(room), session);
        // What was appended between the store's write and now was not pushed here.
        session.missed(data.getString("conversation"));
      }
      if (push != null) {
        session.deliver(push);
      }
    }
    return true;
  }

  private Future<Void> silence(String user, Room room) {
    return router.ask(left, Topics.user(user), change(user, room, "leave", user)).mapEmpty();
  }

  private static Boolean left(Gateway gateway, JsonObject change) {
    JsonObject data = change.getJsonObject("data");
    String room = data.getString("room");
    Push push = event(data);
    for (Session session : gateway.topics().list(Topics.user(change.getString("user")))) {
      if (session.left(room)) {
        gateway.topics().remove(Topics.room(room), session);
        session.deliver(push);
      }
    }
    return true;
  }

  /** Tells the other members; not in large rooms, where N joins would cost N² pushes. */
  private void announce(Room room, String event, String user) {
    if (room.members() <= config.lobbyAnnounceLimit()) {
      router.route(
          event(data(room, event, user)), Audience.of(Topics.room(room.room())).butUser(user));
    }
  }

  private static JsonObject change(String user, Room room, String event, String by) {
    return new JsonObject().put("user", user).put("data", data(room, event, by));
  }

  private static JsonObject data(Room room, String event, String user) {
    return new JsonObject()
        .put("room", room.room())
        .put("conversation", room.conversation())
        .put("name", room.name())
        .put("event", event)
        .put("user", user);
  }

  private static Push event(JsonObject data) {
    return Push.droppable("room", "", data.getMap());
  }

  private static Refusal notMember(String room) {
    return new Refusal(ErrorCode.NOT_MEMBER, "room: you are not a member of " + room);
  }

  private static String checked(String room) {
    if (room == null || !ROOM_ID.matcher(room).matches()) {
      throw Fields.wrong("room", "1 to 64 of A-Z a-z 0-9 . _ -", room);
    }
    return room;
  }
}
