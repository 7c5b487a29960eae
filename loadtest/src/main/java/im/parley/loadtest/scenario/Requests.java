package im.parley.loadtest.scenario;

import im.parley.loadtest.wire.Connection;
import im.parley.loadtest.wire.RequestText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes the documented protocol's requests. Each {@code seq} is a letter that says what was asked
 * and the time from which its latency counts, so that nothing need be kept per request. Event loop
 * only.
 */
final class Requests {
  static final char LOGIN = 'L';
  static final char HEARTBEAT = 'H';
  static final char SEND = 'S';
  static final char PING = 'P';
  static final char CREATE = 'C';
  static final char JOIN = 'J';
  static final char SYNC = 'Y';
  static final char PRESENCE = 'Q';

  /** Bytes of a message's time with its marks. */
  private static final int MARKER_BYTES = 20;

  private static final byte[] LOGIN_ACTION = ascii("login");
  private static final byte[] HEARTBEAT_ACTION = ascii("heartbeat");
  private static final byte[] SEND_ACTION = ascii("send");
  private static final byte[] PING_ACTION = ascii("ping");
  private static final byte[] CREATE_ACTION = ascii("room.create");
  private static final byte[] JOIN_ACTION = ascii("room.join");
  private static final byte[] SYNC_ACTION = ascii("sync");
  private static final byte[] PRESENCE_ACTION = ascii("presence");
  private static final byte[] NO_ACTION = ascii("");

  private static final byte[] NEXT = ascii("\",");
  private static final byte[] SEQ = ascii("{\"seq\":\"");
  private static final byte[] TO_USER = ascii("\"data\":{\"to\":{\"user\":\"");
  private static final byte[] TO_ROOM = ascii("\"data\":{\"to\":{\"room\":\"");
  private static final byte[] CID = ascii("\"},\"cid\":\"");
  private static final byte[] MSG = ascii("\",\"type\":\"text\",\"msg\":\"@@");
  private static final byte[] MARK = ascii("@@");
  private static final byte[] END = ascii("\"}}");

  private final Options options;
  private final List<String> tokens;
  private final byte[] prefix;
  private final byte[] verb;
  private final int padding;
  private final RequestText text = new RequestText();
  private long cid = ThreadLocalRandom.current().nextLong();

  Requests(Options options, List<String> tokens) {
    this.options = options;
    this.tokens = tokens;
    this.prefix = options.prefix().getBytes(StandardCharsets.UTF_8);
    this.verb = ascii(options.login == Login.NATIVE ? "\",\"action\":\"" : "\",\"cmd\":\"");
    this.padding = Math.max(0, options.size - MARKER_BYTES);
  }

  private static byte[] ascii(String value) {
    return value.getBytes(StandardCharsets.US_ASCII);
  }

  /** The action that a {@code seq} of this kind asked for; empty if none of ours. */
  static byte[] action(char kind) {
    return switch (kind) {
      case LOGIN -> LOGIN_ACTION;
      case HEARTBEAT -> HEARTBEAT_ACTION;
      case SEND -> SEND_ACTION;
      case PING -> PING_ACTION;
      case CREATE -> CREATE_ACTION;
      case JOIN -> JOIN_ACTION;
      case SYNC -> SYNC_ACTION;
      case PRESENCE -> PRESENCE_ACTION;
      default -> NO_ACTION;
    };
  }

  private RequestText begin(char kind, long due) {
    text.clear().add(SEQ).fill(kind, 1).hex(due).add(verb).add(action(kind));
    return text.add(NEXT);
  }

  void login(Connection to, long due) {
    String token = to.id() < tokens.size() ? tokens.get(to.id()) : "";
    begin(LOGIN, due);
    if (options.login == Login.NATIVE) {
      text.add("\"data\":{\"v\":1,\"userId\":\"").add(prefix).decimal(to.id());
      text.add("\",\"platform\":\"").add(options.platform).add("\",\"device\":\"loadtest\"");
    } else {
      text.add("\"data\":{\"userID\":\"").add(prefix).decimal(to.id());
      text.add("\",\"appID\":").decimal(options.appId);
    }
    text.add(",\"serviceToken\":\"").add(token).add(END).sendTo(to);
  }

  void heartbeat(Connection to, long due) {
    begin(HEARTBEAT, due).add("\"data\":{}}").sendTo(to);
  }

  void ping(Connection to, long due) {
    begin(PING, due).add("\"data\":null}").sendTo(to);
  }

  void toUser(Connection from, int user, long due) {
    begin(SEND, due).add(TO_USER).add(prefix).decimal(user);
    message(due).sendTo(from);
  }

  void toRoom(Connection from, String room, long due) {
    begin(SEND, due).add(TO_ROOM).add(room);
    message(due).sendTo(from);
  }

  private RequestText message(long due) {
    text.add(CID).hex(cid++).add(MSG).hex(due).add(MARK).fill('x', padding);
    return text.add(END);
  }

  void create(Connection by, String room, long due) {
    begin(CREATE, due).add("\"data\":{\"room\":\"").add(room).add(END).sendTo(by);
  }

  void join(Connection by, String room, long due) {
    begin(JOIN, due).add("\"data\":{\"room\":\"").add(room).add(END).sendTo(by);
  }

  /** Of {@code count} users, evenly from the first {@code users}. */
  void presence(Connection by, int count, int users, long due) {
    begin(PRESENCE, due).add("\"data\":{\"users\":[");
    for (int i = 0; i < count; i++) {
      text.add(i == 0 ? "\"" : ",\"")
          .add(prefix)
          .decimal((int) ((long) i * users / count))
          .add("\"");
    }
    text.add("]}}").sendTo(by);
  }

  /** From the beginning, or after what {@code cursors} says. */
  void sync(Connection by, String cursors, long due) {
    begin(SYNC, due).add("\"data\":{\"cursors\":").add(cursors).add("}}").sendTo(by);
  }
}
