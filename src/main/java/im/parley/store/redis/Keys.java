package im.parley.store.redis;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;

/** The names of keys; {@link RedisStore} says what each holds. */
final class Keys {
  static final String OPEN_ROOMS = "parley:{rooms}:open";
  static final String SWEEP = "parley:{sweep}:turn";
  static final String HEADS = "parley:{c:*}:head";
  private static final String CONVERSATION = "parley:{c:";
  private static final String HEAD = "}:head";
  private static final int SLOTS = 16_384;

  // Polynomial 0x1021, as in the Redis Cluster specification, appendix A.
  private static final int[] CRC16 = IntStream.range(0, 256).map(Keys::crc16).toArray();

  private Keys() {}

  private static int crc16(int index) {
    int crc = index << Byte.SIZE;
    for (int bit = 0; bit < Byte.SIZE; bit++) {
      crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
    }
    return crc & 0xffff;
  }

  static String head(String conversation) {
    return CONVERSATION + conversation + HEAD;
  }

  static String log(String conversation) {
    return CONVERSATION + conversation + "}:log";
  }

  static String cids(String conversation) {
    return CONVERSATION + conversation + "}:cids";
  }

  static String members(String conversation) {
    return CONVERSATION + conversation + "}:members";
  }

  static String users(String conversation) {
    return CONVERSATION + conversation + "}:users";
  }

  static String room(String conversation) {
    return CONVERSATION + conversation + "}:room";
  }

  static String roomConversation(String room) {
    return "parley:{r:" + room + "}:conversation";
  }

  static String userConversations(String user) {
    return "parley:{u:" + user + "}:conversations";
  }

  static String userRooms(String user) {
    return "parley:{u:" + user + "}:rooms";
  }

  /** A key to try whether writing works; its slot depends on {@code number}. */
  static String probe(int number) {
    return "parley:{probe:" + number + "}:probe";
  }

  /** The conversation whose head {@code key} is. */
  static String conversationOf(String key) {
    return key.substring(CONVERSATION.length(), key.length() - HEAD.length());
  }

  /** The slot of a key in a Redis Cluster: CRC16 (XMODEM) of what stands between the braces. */
  static int slot(String key) {
    int open = key.indexOf('{');
    // Our tags are never empty: each begins with what it is of.
    byte[] tag = key.substring(open + 1, key.indexOf('}', open)).getBytes(StandardCharsets.UTF_8);
    int crc = 0;
    for (byte one : tag) {
      crc = (crc << Byte.SIZE ^ CRC16[(crc >> Byte.SIZE ^ one) & 0xff]) & 0xffff;
    }
    return crc % SLOTS;
  }
}
