package im.parley.session;

import im.parley.protocol.Message;
import im.parley.protocol.Platform;
import im.parley.protocol.Push;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One authenticated device on one connection. Owned by the event loop of its connection; the
 * identity fields are immutable and may be read anywhere.
 */
public final class Session {
  /** Live messages held during catch-up; beyond it the session is told to sync. */
  static final int MAX_HELD = 256;

  /** Conversations remembered as missed; beyond it all count as missed. */
  static final int MAX_MISSED = 64;

  // Any thread
  private final long id;
  private final String user;
  private final String platform;
  private final String device;
  private final boolean isNative;
  private final Connection connection;

  // Event loop only
  private List<String> rooms = List.of();
  private Set<String> watched = Set.of();
  private Set<String> leftEarly; // rooms left before the store's list of them came; null for none
  private List<Push> held; // non-null while it catches up
  private Set<String> missed = Set.of();
  private boolean overflowed; // held or missed overflowed: everything counts as missed
  private int since; // the gateway's deliveries when it came
  private int tokenExpires; // second of the epoch, 0 for never
  private State state = State.PENDING;

  /** The life of a session. */
  public enum State {
    /** Logging in: older sessions may still have to go. */
    PENDING,
    /** In use. */
    LIVE,
    /** prim only: a newer login owns the identity; this one still heartbeats but gets no pushes. */
    DISOWNED,
    /** Over. */
    CLOSED
  }

  /**
   * @param id unique among nodes and ascending with time: the later login has the higher id
   * @param user the user's id
   * @param platform a name, or prim's app number
   * @param device the client's name of the device, may be empty
   * @param isNative whether it speaks Parley's protocol rather than prim's
   * @param connection its socket
   */
  public Session(
      long id,
      String user,
      String platform,
      String device,
      boolean isNative,
      Connection connection) {
    this.id = id;
    this.user = user;
    this.platform = platform;
    this.device = device;
    this.isNative = isNative;
    this.connection = connection;
  }

  /**
   * Delivers a push, or holds a message back while the session catches up. Nothing is pushed before
   * the login is through: what its client asks for after the reply has it.
   */
  public void deliver(Push push) {
    if (state != State.LIVE && state != State.PENDING) {
      return;
    }
    if (held == null || push.message() == null) {
      if (state == State.LIVE) {
        connection.send(push);
      }
    } else if (held.size() < MAX_HELD) {
      held.add(push);
    } else {
      overflowed = true;
    }
  }

  /** Delivers a message of the catch-up itself. */
  public void deliverNow(Push push) {
    connection.send(push);
  }

  /** From now on live messages are held until {@link #caughtUp}. */
  public void catchUp() {
    held = new ArrayList<>();
  }

  /**
   * Ends the catch-up: hands out the held messages.
   *
   * @return whether some could not be held, so that the client must sync
   */
  public boolean caughtUp(List<Push> into) {
    into.addAll(held);
    held = null;
    boolean lost = overflowed;
    overflowed = false;
    return lost;
  }

  /** Notes that a message was not delivered; the next heartbeat's reply names its conversation. */
  public void missed(Message message) {
    missed(message.conversation());
  }

  /** Notes that the newest messages of a conversation may not have been delivered. */
  public void missed(String conversation) {
    if (missed.isEmpty()) {
      missed = new HashSet<>(4);
    }
    if (missed.size() < MAX_MISSED) {
      missed.add(conversation);
    }
  }

  /** The conversations noted as missed since the last call. */
  public Set<String> takeMissed() {
    Set<String> taken = missed;
    missed = Set.of();
    return taken;
  }

  /** The identity in prim's apps: {@code <app>_<user>}'s app, or 0 when it is in none. */
  public int app() {
    return Platform.app(platform);
  }

  /** What the user has joined. */
  public List<String> rooms() {
    return rooms;
  }

  /** The user has joined a room; false when that was known. */
  public boolean joined(String room) {
    if (rooms.contains(room)) {
      return false;
    }
    List<String> more = new ArrayList<>(rooms.size() + 1);
    more.addAll(rooms);
    more.add(room);
    rooms = more;
    return true;
  }

  /** The user has left a room; false when it was in none such. */
  public boolean left(String room) {
    if (state == State.PENDING) {
      leftEarly = leftEarly == null ? new HashSet<>(4) : leftEarly;
      leftEarly.add(room);
    }
    List<String> fewer = new ArrayList<>(rooms);
    if (!fewer.remove(room)) {
      return false;
    }
    rooms = fewer;
    return true;
  }

  /**
   * Takes the rooms that the store knew at some moment since the session registered; joins and
   * leaves that were heard of since then stand.
   *
   * @return those that are new to the session
   */
  public List<String> roomsLoaded(List<String> stored) {
    if (rooms.isEmpty() && leftEarly == null) {
      rooms = stored;
      return stored;
    }
    List<String> fresh = new ArrayList<>(stored.size());
    for (String room : stored) {
      if ((leftEarly == null || !leftEarly.contains(room)) && joined(room)) {
        fresh.add(room);
      }
    }
    leftEarly = null;
    return fresh;
  }

  /** Whom this session watches. */
  public Set<String> watched() {
    return watched;
  }

  /** Replaces whom this session watches. */
  public void watched(Set<String> watched) {
    this.watched = watched;
  }

  /** How many deliveries its gateway had made when it came. */
  int since() {
    return since;
  }

  /** Notes it. */
  void since(int deliveries) {
    this.since = deliveries;
  }

  /** When the token ends, in seconds since 1970; 0 for never. */
  public int tokenExpires() {
    return tokenExpires;
  }

  /** Sets when the token ends. */
  public void tokenExpires(int second) {
    this.tokenExpires = second;
  }

  /** Where it is in its life. */
  public State state() {
    return state;
  }

  /** Moves it on. */
  public void state(State state) {
    this.state = state;
  }

  /** Unique among nodes, ascending with time. */
  public long id() {
    return id;
  }

  /** The user's id. */
  public String user() {
    return user;
  }

  /** A name, or prim's app number. */
  public String platform() {
    return platform;
  }

  /** The client's name of the device, may be empty. */
  public String device() {
    return device;
  }

  /** Whether it speaks Parley's protocol rather than prim's. */
  public boolean isNative() {
    return isNative;
  }

  /** Its socket. */
  public Connection connection() {
    return connection;
  }
}
