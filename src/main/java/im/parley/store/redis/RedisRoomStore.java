package im.parley.store.redis;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import im.parley.store.RoomStore;
import im.parley.store.redis.RoomLists.Listed;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Rooms and who is in them: functions {@code create}, {@code room}, {@code join} and {@code leave}.
 * A room lives in the slot of its conversation, the {@link RoomLists} elsewhere.
 */
final class RedisRoomStore implements RoomStore {
  private static final JoinPolicy[] POLICIES = JoinPolicy.values();

  private final Gate writes;
  private final Gate reads;
  private final Shards shards;
  private final RoomLists lists;
  private final Epochs epochs;
  private final Clock clock;

  RedisRoomStore(Gate writes, Gate reads, Shards shards, Epochs epochs, Clock clock) {
    this.writes = writes;
    this.reads = reads;
    this.shards = shards;
    this.lists = new RoomLists(shards);
    this.epochs = epochs;
    this.clock = clock;
  }

  @Override
  public Future<Boolean> create(Room room, List<String> members, Limits limits) {
    Listed listed = new Listed(room.room(), room.conversation());
    return writes.enter(
        () ->
            conversation(room.room())
                .compose(named -> isOther(named, room) ? taken(room) : find(listed))
                .compose(
                    there ->
                        there == null
                            ? create(listed, room, members, limits)
                            : there.owner().equals(room.owner())
                                ? Future.succeededFuture(false)
                                : taken(room)));
  }

  @Override
  public Future<Room> room(String room) {
    return reads.enter(() -> present(room));
  }

  @Override
  public Future<List<Room>> openRooms(String afterRoom, int limit) {
    return reads.enter(() -> gatherOpen(RoomLists.after(afterRoom), limit, new ArrayList<>()));
  }

  @Override
  public Future<List<Boolean>> add(String room, List<String> users, Limits limits) {
    return writes.enter(
        () ->
            place(room)
                .compose(
                    listed ->
                        lists
                            .enlist(listed, users, limits)
                            .compose(done -> join(listed, users, limits))
                            .recover(fault -> giveUp(listed, users, fault))
                            .compose(added -> lists.list(listed, users).map(done -> added))));
  }

  @Override
  public Future<Boolean> remove(String room, String user) {
    return writes.enter(
        () ->
            place(room)
                .compose(
                    listed ->
                        leave(listed, user)
                            .compose(left -> lists.unlist(listed, user).map(done -> left))));
  }

  @Override
  public Future<List<String>> roomsOf(String user) {
    return reads.enter(() -> lists.roomsOf(user));
  }

  private Future<Boolean> create(Listed listed, Room room, List<String> members, Limits limits) {
    List<String> users =
        Stream.concat(Stream.of(room.owner()), members.stream()).distinct().toList();
    return lists
        .enlist(listed, users, limits)
        .compose(done -> name(listed))
        .compose(
            named ->
                isOther(named, room)
                    ? taken(room)
                    : room.join() == JoinPolicy.OPEN
                        ? lists.listOpen(listed)
                        : Future.<Void>succeededFuture())
        .compose(done -> make(room, members))
        .recover(fault -> giveUp(listed, users, fault))
        .compose(
            made ->
                (made ? lists.list(listed, users) : lists.unlist(listed, users)).map(done -> made));
  }

  /** Nothing came of what was listed ahead, if the fault says so for sure. */
  private <T> Future<T> giveUp(Listed listed, List<String> users, Throwable fault) {
    boolean sure = fault instanceof Refusal refusal && !refusal.code().retryable();
    return (sure ? lists.unlist(listed, users) : Future.<Void>succeededFuture())
        .compose(done -> Future.failedFuture(fault));
  }

  private static boolean isOther(String conversation, Room room) {
    return conversation != null && !conversation.equals(room.conversation());
  }

  private static <T> Future<T> taken(Room room) {
    return Future.failedFuture(
        new Refusal(
            ErrorCode.EXISTS,
            "room %s or its conversation belongs to another owner".formatted(room.room())));
  }

  /** Gives the room's id its conversation, unless it has one; which it had, or null. */
  private Future<String> name(Listed listed) {
    String key = Keys.roomConversation(listed.room());
    return shards
        .write(
            key,
            reign ->
                Request.cmd(Command.SET).arg(key).arg(listed.conversation()).arg("NX").arg("GET"))
        .map(RedisRoomStore::text);
  }

  /** The conversation of a room's id, or null. */
  private Future<String> conversation(String room) {
    String key = Keys.roomConversation(room);
    return shards.read(key, reign -> Request.cmd(Command.GET).arg(key)).map(RedisRoomStore::text);
  }

  private static String text(Response answer) {
    return answer == null ? null : answer.toString(StandardCharsets.UTF_8);
  }

  private Future<Listed> place(String room) {
    return conversation(room)
        .map(
            found -> {
              if (found == null) {
                throw absent(room);
              }
              return new Listed(room, found);
            });
  }

  private Future<Room> present(String room) {
    return place(room)
        .compose(this::find)
        .map(
            found -> {
              if (found == null) {
                throw absent(room);
              }
              return found;
            });
  }

  /** Null when there is no such room. */
  private Future<Room> find(Listed listed) {
    String conversation = listed.conversation();
    return shards
        .read(
            Keys.room(conversation),
            reign ->
                Call.read("room", Keys.room(conversation), Keys.users(conversation))
                    .arg(listed.room()))
        .map(answer -> room(listed, Answers.sound(answer)));
  }

  private static Room room(Listed listed, Response answer) {
    return answer.size() == 0
        ? null
        : new Room(
            listed.room(),
            listed.conversation(),
            Answers.text(answer, 0),
            Answers.text(answer, 1),
            POLICIES[(int) Answers.number(answer, 2)],
            Answers.number(answer, 3),
            (int) Answers.number(answer, 4));
  }

  private Future<Boolean> make(Room room, List<String> members) {
    String conversation = room.conversation();
    return shards
        .write(
            Keys.head(conversation),
            reign -> {
              Request request =
                  Call.write(
                          "create",
                          Keys.head(conversation),
                          Keys.room(conversation),
                          Keys.members(conversation),
                          Keys.users(conversation))
                      .arg(reign)
                      .arg(epochs.draw())
                      .arg(room.room())
                      .arg(room.name())
                      .arg(room.owner())
                      .arg(room.join().ordinal())
                      .arg(room.createdAt())
                      .arg(clock.millis());
              members.forEach(request::arg);
              return request;
            })
        .compose(
            answer ->
                switch (Answers.sound(answer).toString()) {
                  case "made" -> Future.succeededFuture(true);
                  case "there" -> Future.succeededFuture(false);
                  default -> taken(room);
                });
  }

  private Future<List<Boolean>> join(Listed listed, List<String> users, Limits limits) {
    String conversation = listed.conversation();
    return shards
        .write(
            Keys.head(conversation),
            reign -> {
              Request request =
                  Call.write(
                          "join",
                          Keys.head(conversation),
                          Keys.log(conversation),
                          Keys.room(conversation),
                          Keys.members(conversation),
                          Keys.users(conversation))
                      .arg(listed.room())
                      .arg(clock.millis())
                      .arg(limits.members());
              users.forEach(request::arg);
              return request;
            })
        .map(
            answer -> {
              if (answer.size() == 0) {
                throw absent(listed.room());
              }
              if (answer.get(0).toString().equals("full")) {
                throw limits.full(listed.room());
              }
              return IntStream.range(1, answer.size())
                  .mapToObj(i -> answer.get(i).toInteger() == 1)
                  .toList();
            });
  }

  private Future<Boolean> leave(Listed listed, String user) {
    String conversation = listed.conversation();
    return shards
        .write(
            Keys.head(conversation),
            reign ->
                Call.write(
                        "leave",
                        Keys.room(conversation),
                        Keys.members(conversation),
                        Keys.users(conversation))
                    .arg(listed.room())
                    .arg(user))
        .map(
            answer ->
                switch (Answers.sound(answer).toString()) {
                  case "left" -> true;
                  case "out" -> false;
                  default -> throw absent(listed.room());
                });
  }

  private Future<List<Room>> gatherOpen(String after, int limit, List<Room> found) {
    int asked = limit - found.size();
    return lists
        .open(after, asked)
        .compose(
            listed -> {
              List<Future<Room>> rooms = listed.stream().map(this::find).toList();
              return Future.all(rooms)
                  .compose(
                      all -> {
                        rooms.stream()
                            .map(Future::result)
                            .filter(room -> room != null && room.join() == JoinPolicy.OPEN)
                            .forEach(found::add);
                        return listed.size() < asked || found.size() >= limit
                            ? Future.succeededFuture(List.copyOf(found))
                            : gatherOpen(
                                RoomLists.after(listed.get(listed.size() - 1)), limit, found);
                      });
            });
  }

  private static Refusal absent(String room) {
    return new Refusal(ErrorCode.NOT_FOUND, "there is no room %s".formatted(room));
  }
}
