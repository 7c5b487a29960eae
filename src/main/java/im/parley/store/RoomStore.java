package im.parley.store;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import io.vertx.core.Future;
import java.util.List;

/** Rooms and their members. Failures and threads as in {@link ConversationStore}. */
public interface RoomStore {
  /**
   * Creates a room with its owner and first members; an owner who repeats the same call gets the
   * same room. Fails with TOO_LARGE when one of them would be in too many rooms.
   *
   * @return true when created now, false when this owner's room of that id was there; EXISTS for
   *     another owner's, or when another room has its conversation
   */
  Future<Boolean> create(Room room, List<String> members, Limits limits);

  /** The room, or NOT_FOUND. */
  Future<Room> room(String room);

  /** Rooms that anyone may join, in the order of ids, after {@code afterRoom}. */
  Future<List<Room>> openRooms(String afterRoom, int limit);

  /**
   * Adds members (role MEMBER) who see the log from the present head on as unread; true for each
   * who was none before, in the order of {@code users}. Adds all of them or none. Fails with
   * NOT_FOUND, or TOO_LARGE when the room would have too many members or one of them too many
   * rooms.
   */
  Future<List<Boolean>> add(String room, List<String> users, Limits limits);

  /**
   * Removes a member; false when it was none. The owner's leaving passes the room to the oldest
   * admin, else member; an owner who leaves nobody behind stays named in the room. Fails with
   * NOT_FOUND.
   */
  Future<Boolean> remove(String room, String user);

  /** The ids of all rooms of a user. */
  Future<List<String>> roomsOf(String user);

  /**
   * A room.
   *
   * @param room its id
   * @param conversation the id of its log
   * @param name what people call it
   * @param owner the user who created it, or who took it over
   * @param join who may come in
   * @param createdAt milliseconds since 1970 UTC
   * @param members how many members it has; ignored by {@code create}
   */
  record Room(
      String room,
      String conversation,
      String name,
      String owner,
      JoinPolicy join,
      long createdAt,
      int members) {}

  /**
   * How much there may be.
   *
   * @param members the most members of a room
   * @param rooms the most rooms of a user
   */
  record Limits(int members, int rooms) {
    /** Why nobody is added to a room that is full. */
    public Refusal full(String room) {
      return new Refusal(
          ErrorCode.TOO_LARGE,
          "room: %s is full; it has at most %d members".formatted(room, members));
    }

    /** Why a user comes into no other room. */
    public Refusal tooMany(String user) {
      return new Refusal(
          ErrorCode.TOO_LARGE,
          "user: %s is in as many rooms as a user may be, %d".formatted(user, rooms));
    }
  }

  /** Who may come into a room. */
  enum JoinPolicy {
    /** Anyone may join. */
    OPEN,
    /** A request waits for an admin. */
    APPROVAL,
    /** Only who is invited. */
    INVITE
  }
}
