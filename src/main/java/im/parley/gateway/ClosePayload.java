package im.parley.gateway;

import io.netty.buffer.ByteBuf;

/** Checks what a peer says in its close frame, RFC 6455 §5.5.1 and §7.4. */
final class ClosePayload {
  /** Registered by RFC 6455 and, from 1012, in the IANA registry. */
  private static final int LAST_REGISTERED = 1014;

  private ClosePayload() {}

  /** The peer's code; 0 if it gave none. The payload must be without {@link #fault}. */
  static int code(ByteBuf payload) {
    return payload.isReadable() ? payload.getUnsignedShort(payload.readerIndex()) : 0;
  }

  /** What is wrong with the code; null if nothing is. */
  static String fault(ByteBuf payload) {
    if (payload.readableBytes() == 1) {
      return "close payload of 1 byte";
    }
    int code = code(payload);
    return code == 0 && !payload.isReadable() || mayBeSent(code) ? null : "close code " + code;
  }

  static boolean hasValidReason(ByteBuf payload) {
    int start = Math.min(payload.readerIndex() + 2, payload.writerIndex());
    return Utf8.check(Utf8.WHOLE, payload, start, payload.writerIndex()) == Utf8.WHOLE;
  }

  private static boolean mayBeSent(int code) {
    if (code >= 3000 && code <= 4999) {
      return true;
    }
    // RFC 6455 §7.4.1: 1004 is reserved, 1005 and 1006 are never on the wire; 1015 is over the last
    return code >= 1000 && code <= LAST_REGISTERED && code != 1004 && code != 1005 && code != 1006;
  }
}
