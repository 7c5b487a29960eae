package im.parley.store.redis;

import im.parley.protocol.Message;
import im.parley.store.Draft;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * How a message is written into its log: sender, cid, time, id, platform and type as netstrings
 * ({@code <bytes>:<content>}), then the body. Sender and cid come first because together they name
 * the message's entry among the cids, and functions find them there.
 */
final class Entry {
  private static final byte[] NONE = {};

  private final byte[] bytes;
  private int at;

  private Entry(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The record of a draft. */
  static byte[] of(Draft draft) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(draft.body().length() + 128);
    put(out, draft.from());
    put(out, draft.cid());
    put(out, Long.toString(draft.time()));
    put(out, draft.id());
    put(out, draft.platform() == null ? "" : draft.platform());
    put(out, draft.type());
    out.writeBytes(draft.body().getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }

  /** What a record of this sender and cid begins with. */
  static byte[] name(String from, String cid) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(64);
    put(out, from);
    put(out, cid);
    return out.toByteArray();
  }

  /** What every record of this sender begins with. */
  static byte[] name(String from) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(32);
    put(out, from);
    return out.toByteArray();
  }

  /** The message that a record is in its place. */
  static Message message(String conversation, String epoch, long offset, byte[] record) {
    Entry entry = new Entry(record);
    String from = entry.next();
    String cid = entry.next();
    long time = Long.parseLong(entry.next());
    String id = entry.next();
    String platform = entry.next();
    String type = entry.next();
    String body = new String(record, entry.at, record.length - entry.at, StandardCharsets.UTF_8);
    return new Message(
        id,
        conversation,
        epoch,
        offset,
        from,
        platform.isEmpty() ? null : platform,
        time,
        cid,
        type,
        body);
  }

  private static void put(ByteArrayOutputStream out, String text) {
    byte[] content = text.isEmpty() ? NONE : text.getBytes(StandardCharsets.UTF_8);
    out.writeBytes(Integer.toString(content.length).getBytes(StandardCharsets.US_ASCII));
    out.write(':');
    out.writeBytes(content);
  }

  private String next() {
    int length = 0;
    while (bytes[at] != ':') {
      length = length * 10 + bytes[at++] - '0';
    }
    String text = new String(bytes, at + 1, length, StandardCharsets.UTF_8);
    at += 1 + length;
    return text;
  }
}
