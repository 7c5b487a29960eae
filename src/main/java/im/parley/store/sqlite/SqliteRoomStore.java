package im.parley.store.sqlite;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import im.parley.store.ConversationStore.Role;
import im.parley.store.RoomStore;
import io.vertx.core.Future;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Rooms and who is in them. */
final class SqliteRoomStore implements RoomStore {
  private static final String COLUMNS =
      "SELECT id, conversation, name, owner, policy, created, members FROM room";
  private static final String ONE = COLUMNS + " WHERE id=?";
  private static final String OPEN = COLUMNS + " WHERE policy=? AND id>? ORDER BY id LIMIT ?";
  private static final String TAKEN = "SELECT count(*) FROM room WHERE conversation=?";
  private static final String INSERT =
      "INSERT INTO room(id, conversation, name, owner, policy, created, members)"
          + " VALUES(?,?,?,?,?,?,0)";
  private static final String COUNT = "UPDATE room SET members=members+? WHERE id=?";
  private static final String LEAVE = "DELETE FROM member WHERE user=? AND name=?";
  private static final String HEIR =
      "SELECT user FROM member WHERE conversation=? ORDER BY role DESC, since, joined, user LIMIT"
          + " 1";
  private static final String CROWN = "UPDATE member SET role=? WHERE conversation=? AND user=?";
  private static final String HAND_OVER = "UPDATE room SET owner=? WHERE id=?";
  // Answered by the index member_room alone: a user without rooms costs one probe.
  private static final String OF_USER =
      "SELECT room FROM member WHERE user=? AND room IS NOT NULL ORDER BY room";
  private static final String COUNT_OF_USER =
      "SELECT count(*) FROM member WHERE user=? AND room IS NOT NULL";
  private static final JoinPolicy[] POLICIES = JoinPolicy.values();

  private final Writer writer;
  private final Readers readers;
  private final Heads heads;
  private final Clock clock;

  SqliteRoomStore(Writer writer, Readers readers, Heads heads, Clock clock) {
    this.writer = writer;
    this.readers = readers;
    this.heads = heads;
    this.clock = clock;
  }

  @Override
  public Future<Boolean> create(Room room, List<String> members, Limits limits) {
    return writer.submit(
        sql -> {
          Room there = sql.first(ONE, SqliteRoomStore::room, room.room());
          if (there != null && there.owner().equals(room.owner())) {
            return false;
          }
          if (there != null || sql.number(TAKEN, 0, room.conversation()) > 0) {
            throw new Refusal(
                ErrorCode.EXISTS,
                "room %s or its conversation belongs to another owner".formatted(room.room()));
          }
          try {
            return sql.atomically(() -> make(sql, room, members, limits));
          } catch (SQLException | RuntimeException e) {
            heads.forget(room.conversation());
            throw e;
          }
        });
  }

  @Override
  public Future<Room> room(String room) {
    return readers.submit(sql -> find(sql, room));
  }

  @Override
  public Future<List<Room>> openRooms(String afterRoom, int limit) {
    return readers.submit(
        sql -> sql.list(OPEN, SqliteRoomStore::room, JoinPolicy.OPEN.ordinal(), afterRoom, limit));
  }

  @Override
  public Future<List<Boolean>> add(String room, List<String> users, Limits limits) {
    return writer.submit(
        sql -> {
          Room there = find(sql, room);
          return sql.atomically(
              () -> {
                List<Boolean> added = join(sql, there, users, Role.MEMBER, limits);
                int members = there.members() + Collections.frequency(added, true);
                if (added.contains(true) && members > limits.members()) {
                  throw limits.full(room);
                }
                return added;
              });
        });
  }

  @Override
  public Future<Boolean> remove(String room, String user) {
    return writer.submit(
        sql -> {
          Room there = find(sql, room);
          return sql.atomically(() -> leave(sql, there, user));
        });
  }

  @Override
  public Future<List<String>> roomsOf(String user) {
    return readers.submit(sql -> sql.list(OF_USER, row -> row.getString(1), user));
  }

  private boolean make(Sql sql, Room room, List<String> members, Limits limits)
      throws SQLException {
    if (heads.find(sql, room.conversation()) == null) {
      heads.create(sql, room.conversation());
    }
    sql.update(
        INSERT,
        room.room(),
        room.conversation(),
        room.name(),
        room.owner(),
        room.join().ordinal(),
        room.createdAt());
    join(sql, room, List.of(room.owner()), Role.OWNER, limits);
    join(sql, room, members, Role.MEMBER, limits);
    return true;
  }

  private List<Boolean> join(Sql sql, Room room, List<String> users, Role role, Limits limits)
      throws SQLException {
    Heads.Head head = heads.find(sql, room.conversation());
    List<Boolean> added = new ArrayList<>(users.size());
    int count = 0;
    for (String user : users) {
      int one =
          sql.update(
              SqliteConversationStore.JOIN,
              head.conversation,
              user,
              room.conversation(),
              room.room(),
              role.ordinal(),
              clock.millis(),
              heads.durable(head));
      if (one == 1 && sql.number(COUNT_OF_USER, 0, user) > limits.rooms()) {
        throw limits.tooMany(user);
      }
      added.add(one == 1);
      count += one;
    }
    sql.update(COUNT, count, room.room());
    return added;
  }

  private boolean leave(Sql sql, Room room, String user) throws SQLException {
    if (sql.update(LEAVE, user, room.conversation()) == 0) {
      return false;
    }
    sql.update(COUNT, -1, room.room());
    if (room.owner().equals(user)) {
      passOn(sql, room);
    }
    return true;
  }

  /** A room that nobody is left in keeps its last owner's name. */
  private void passOn(Sql sql, Room room) throws SQLException {
    long conversation = heads.find(sql, room.conversation()).conversation;
    String heir = sql.first(HEIR, row -> row.getString(1), conversation);
    if (heir != null) {
      sql.update(CROWN, Role.OWNER.ordinal(), conversation, heir);
      sql.update(HAND_OVER, heir, room.room());
    }
  }

  private static Room find(Sql sql, String room) throws SQLException {
    Room found = sql.first(ONE, SqliteRoomStore::room, room);
    if (found == null) {
      throw new Refusal(ErrorCode.NOT_FOUND, "there is no room %s".formatted(room));
    }
    return found;
  }

  private static Room room(ResultSet row) throws SQLException {
    return new Room(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        POLICIES[row.getInt(5)],
        row.getLong(6),
        row.getInt(7));
  }
}
