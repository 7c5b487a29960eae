package im.parley.store.redis;

import im.parley.store.RoomStore.Limits;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which rooms a user is in, and which are open: the lists that lie in other slots than the rooms;
 * function {@code enlist}. Store loop only.
 *
 * <p>A list is written before what it names and cleared after it, so it names too much after a
 * crash but never too little; whoever reads one looks at each room that it names. What it names too
 * much takes a place among the user's rooms until the user joins or leaves that room.
 */
final class RoomLists {
  // Between room and conversation in a list; sorts before whatever a longer id goes on with.
  private static final char SEPARATOR = '\0';
  private static final int ROOMS_AT_ONCE = 1_000;

  private final Shards shards;

  RoomLists(Shards shards) {
    this.shards = shards;
  }

  /** A room and its conversation, as a list names them. */
  record Listed(String room, String conversation) {
    private static Listed of(String entry) {
      int end = entry.indexOf(SEPARATOR);
      return new Listed(entry.substring(0, end), entry.substring(end + 1));
    }

    private String entry() {
      return room + SEPARATOR + conversation;
    }
  }

  /**
   * Lists a room among those of its members to be. Fails with TOO_LARGE when one has too many; the
   * others may be listed then.
   */
  Future<Void> enlist(Listed room, List<String> users, Limits limits) {
    List<Future<Boolean>> places = users.stream().map(user -> place(room, user, limits)).toList();
    // All have answered then, so that none is listed after it was taken back.
    return Future.join(places)
        .compose(
            all -> {
              for (int i = 0; i < users.size(); i++) {
                if (!places.get(i).result()) {
                  return Future.failedFuture(limits.tooMany(users.get(i)));
                }
              }
              return Future.all(
                      users.stream()
                          .map(user -> enter(Keys.userConversations(user), room.conversation()))
                          .toList())
                  .mapEmpty();
            });
  }

  /**
   * Lists a room among those of its members, whatever else they are in: once they are members, for
   * who left or was refused at the same time may have cleared what {@link #enlist} wrote.
   */
  Future<Void> list(Listed room, List<String> users) {
    List<Future<Response>> written = new ArrayList<>();
    for (String user : users) {
      written.add(enter(Keys.userConversations(user), room.conversation()));
      written.add(enter(Keys.userRooms(user), room.entry()));
    }
    return Future.all(written).mapEmpty();
  }

  /** Lists an open room among those. */
  Future<Void> listOpen(Listed room) {
    return enter(Keys.OPEN_ROOMS, room.entry()).mapEmpty();
  }

  /** Takes a room from those of the users who are none of its members. */
  Future<Void> unlist(Listed room, List<String> users) {
    return Future.all(
            users.stream()
                .map(
                    user ->
                        isMember(user, room)
                            // A member's is left alone: a login may be reading it.
                            .compose(is -> is ? Future.succeededFuture() : unlist(room, user)))
                .toList())
        .mapEmpty();
  }

  /** Takes a room from those of a user who is none of its members. */
  Future<Void> unlist(Listed room, String user) {
    return Future.all(
            clear(Keys.userConversations(user), room.conversation()),
            clear(Keys.userRooms(user), room.entry()))
        .compose(done -> isMember(user, room))
        // Added again meanwhile: then the list has to say so.
        .compose(back -> back ? list(room, List.of(user)) : Future.<Void>succeededFuture());
  }

  /** The ids of the rooms that a user is in. */
  Future<List<String>> roomsOf(String user) {
    return gather(user, "", new ArrayList<>());
  }

  /** Rooms that may be open, in the order of ids; at most {@code limit}. */
  Future<List<Listed>> open(String after, int limit) {
    return RedisConversationStore.list(shards, Keys.OPEN_ROOMS, after, limit)
        .map(entries -> entries.stream().map(Listed::of).toList());
  }

  /** Where {@link #open} goes on after a room. */
  static String after(Listed room) {
    return room.entry();
  }

  /** Where {@link #open} goes on after a room's id, whichever its conversation; at "" it begins. */
  static String after(String room) {
    return room.isEmpty() ? "" : room + (char) (SEPARATOR + 1);
  }

  private Future<Boolean> place(Listed room, String user, Limits limits) {
    String key = Keys.userRooms(user);
    return shards
        .write(key, reign -> Call.write("enlist", key).arg(room.entry()).arg(limits.rooms()))
        .map(answer -> Answers.sound(answer).toInteger() == 1);
  }

  private Future<List<String>> gather(String user, String after, List<String> found) {
    return RedisConversationStore.list(shards, Keys.userRooms(user), after, ROOMS_AT_ONCE)
        .compose(
            entries -> {
              List<Listed> listed = entries.stream().map(Listed::of).toList();
              List<Future<Boolean>> inside =
                  listed.stream().map(one -> isMember(user, one)).toList();
              return Future.all(inside)
                  .compose(
                      all -> {
                        IntStream.range(0, listed.size())
                            .filter(i -> inside.get(i).result())
                            .forEach(i -> found.add(listed.get(i).room()));
                        return entries.size() < ROOMS_AT_ONCE
                            ? Future.succeededFuture(List.copyOf(found))
                            : gather(user, entries.get(entries.size() - 1), found);
                      });
            });
  }

  private Future<Boolean> isMember(String user, Listed room) {
    return RedisConversationStore.isMember(shards, user, room.conversation());
  }

  private Future<Response> enter(String key, String entry) {
    return shards.write(key, reign -> Request.cmd(Command.ZADD).arg(key).arg(0).arg(entry));
  }

  private Future<Response> clear(String key, String entry) {
    return shards.write(key, reign -> Request.cmd(Command.ZREM).arg(key).arg(entry));
  }
}
