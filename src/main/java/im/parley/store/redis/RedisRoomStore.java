package im.parley.store.redis;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import im.parley.store.RoomStore;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Rooms and who is in them: functions {@code create}, {@code room}, {@code join} and {@code leave}.
 *
 * <p>A room lives in the slot of its conversation; the lists of users and of open rooms are
 * elsewhere. A list is written before what it names and cleared after it, so it names too much
 * after a crash but never too little; whoever reads one looks at each room that it names.
 */
final class RedisRoomStore implements RoomStore {
  private static final JoinPolicy[] POLICIES = JoinPolicy.values();
  // Between room and conversation in a list; sorts before whatever a longer id goes on with.
  private static final char SEPARATOR = '\0';
  private static final int ROOMS_AT_ONCE = 1_000;

  private final Gate writes;
  private final Gate reads;
  private final Shards shards;
  private final Epochs epochs;
  private final Clock clock;

  RedisRoomStore(Gate writes, Gate reads, Shards shards, Epochs epochs, Clock clock) {
    this.writes = writes;
    this.reads = reads;
    this.shards = shards;
    this.epochs = epochs;
    this.clock = clock;
  }

  private record Listed(String room, String conversation) {
    static Listed of(String entry) {
      int end = entry.indexOf(SEPARATOR);
      return new Listed(entry.substring(0, end), entry.substring(end + 1));
    }

    String entry() {
      return room + SEPARATOR + conversation;
    }
  }

  @Override
  public Future<Boolean> create(Room room, List<String> members) {
    Listed listed = new Listed(room.room(), room.conversation());
    return writes.enter(
        () ->
            name(listed)
                .compose(named -> find(named))
                .compose(
                    there -> {
                      if (there != null) {
                        return Future.succeededFuture(sameOwner(there, room));
                      }
                      List<String> users =
                          Stream.concat(Stream.of(room.owner()), members.stream())
                              .distinct()
                              .toList();
                      return list(listed, room.join() == JoinPolicy.OPEN, users)
                          .compose(done -> make(room, members));
                    }));
  }

  @Override
  public Future<Room> room(String room) {
    return reads.enter(() -> present(room));
  }

  @Override
  public Future<List<Room>> openRooms(String afterRoom, int limit) {
    // After every entry of that room, whichever conversation it names.
    String after = afterRoom.isEmpty() ? "" : afterRoom + (char) (SEPARATOR + 1);
    return reads.enter(() -> gatherOpen(after, limit, new ArrayList<>()));
  }

  @Override
  public Future<List<Boolean>> add(String room, List<String> users, int most) {
    return writes.enter(
        () ->
            place(room)
                .compose(
                    listed ->
                        list(listed, false, users)
                            .compose(done -> join(listed, users, most))
                            // A leave at the same time may have cleared what was just listed.
                            .compose(added -> list(listed, false, users).map(done -> added))
                            .recover(fault -> unlist(listed, users, fault))));
  }

  /** Takes back what was listed ahead of a join that the room refused. */
  private <T> Future<T> unlist(Listed listed, List<String> users, Throwable fault) {
    if (!(fault instanceof Refusal refusal) || refusal.code() != ErrorCode.TOO_LARGE) {
      return Future.failedFuture(fault);
    }
    return Future.all(users.stream().map(user -> unlist(listed, user)).toList())
        .compose(done -> Future.failedFuture(fault));
  }

  @Override
  public Future<Boolean> remove(String room, String user) {
    return writes.enter(
        () ->
            place(room)
                .compose(
                    listed ->
                        leave(listed, user)
                            .compose(left -> unlist(listed, user).map(done -> left))));
  }

  @Override
  public Future<List<String>> roomsOf(String user) {
    return reads.enter(() -> gatherOf(user, "", new ArrayList<>()));
  }

  private static boolean sameOwner(Room there, Room room) {
    if (there.owner().equals(room.owner()) && there.conversation().equals(room.conversation())) {
      return false;
    }
    throw taken(room);
  }

  private static Refusal taken(Room room) {
    return new Refusal(
        ErrorCode.EXISTS,
        "room %s or its conversation belongs to another owner".formatted(room.room()));
  }

  /** Gives the room's id its conversation, or finds the one that it has. */
  private Future<Listed> name(Listed wanted) {
    String key = Keys.roomConversation(wanted.room());
    return shards
        .write(
            key,
            reign ->
                Request.cmd(Command.SET).arg(key).arg(wanted.conversation()).arg("NX").arg("GET"))
        .map(
            before ->
                before == null
                    ? wanted
                    : new Listed(wanted.room(), before.toString(StandardCharsets.UTF_8)));
  }

  private Future<Listed> place(String room) {
    String key = Keys.roomConversation(room);
    return shards
        .read(key, reign -> Request.cmd(Command.GET).arg(key))
        .map(
            found -> {
              if (found == null) {
                throw absent(room);
              }
              return new Listed(room, found.toString(StandardCharsets.UTF_8));
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
        .map(
            answer ->
                switch (Answers.sound(answer).toString()) {
                  case "made" -> true;
                  case "there" -> false;
                  default -> throw taken(room);
                });
  }

  private Future<List<Boolean>> join(Listed listed, List<String> users, int most) {
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
                      .arg(most);
              users.forEach(request::arg);
              return request;
            })
        .map(
            answer -> {
              if (answer.size() == 0) {
                throw absent(listed.room());
              }
              if (answer.get(0).toString().equals("full")) {
                throw RoomStore.full(listed.room(), most);
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

  private Future<Void> list(Listed listed, boolean open, List<String> users) {
    List<Future<Response>> written = new ArrayList<>();
    for (String user : users) {
      written.add(enter(Keys.userConversations(user), listed.conversation()));
      written.add(enter(Keys.userRooms(user), listed.entry()));
    }
    if (open) {
      written.add(enter(Keys.OPEN_ROOMS, listed.entry()));
    }
    return Future.all(written).mapEmpty();
  }

  private Future<Void> unlist(Listed listed, String user) {
    return Future.all(
            clear(Keys.userConversations(user), listed.conversation()),
            clear(Keys.userRooms(user), listed.entry()))
        .compose(done -> RedisConversationStore.isMember(shards, user, listed.conversation()))
        // Added again meanwhile: then the list has to say so.
        .compose(
            back -> back ? list(listed, false, List.of(user)) : Future.<Void>succeededFuture());
  }

  private Future<Response> enter(String key, String entry) {
    return shards.write(key, reign -> Request.cmd(Command.ZADD).arg(key).arg(0).arg(entry));
  }

  private Future<Response> clear(String key, String entry) {
    return shards.write(key, reign -> Request.cmd(Command.ZREM).arg(key).arg(entry));
  }

  private Future<List<Room>> gatherOpen(String after, int limit, List<Room> found) {
    int asked = limit - found.size();
    return RedisConversationStore.list(shards, Keys.OPEN_ROOMS, after, asked)
        .compose(
            entries -> {
              List<Future<Room>> rooms = entries.stream().map(Listed::of).map(this::find).toList();
              return Future.all(rooms)
                  .compose(
                      all -> {
                        rooms.stream()
                            .map(Future::result)
                            .filter(Objects::nonNull)
                            .forEach(found::add);
                        return entries.size() < asked || found.size() >= limit
                            ? Future.succeededFuture(List.copyOf(found))
                            : gatherOpen(entries.get(entries.size() - 1), limit, found);
                      });
            });
  }

  private Future<List<String>> gatherOf(String user, String after, List<String> found) {
    return RedisConversationStore.list(shards, Keys.userRooms(user), after, ROOMS_AT_ONCE)
        .compose(
            entries -> {
              List<Listed> listed = entries.stream().map(Listed::of).toList();
              List<Future<Boolean>> inside =
                  listed.stream()
                      .map(one -> RedisConversationStore.isMember(shards, user, one.conversation()))
                      .toList();
              return Future.all(inside)
                  .compose(
                      all -> {
                        IntStream.range(0, listed.size())
                            .filter(i -> inside.get(i).result())
                            .forEach(i -> found.add(listed.get(i).room()));
                        return entries.size() < ROOMS_AT_ONCE
                            ? Future.succeededFuture(List.copyOf(found))
                            : gatherOf(user, entries.get(entries.size() - 1), found);
                      });
            });
  }

  private static Refusal absent(String room) {
    return new Refusal(ErrorCode.NOT_FOUND, "there is no room %s".formatted(room));
  }
}
