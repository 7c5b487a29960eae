package im.parley.cluster;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** A {@link Refusal} between nodes: int code, long milliseconds, UTF-8 reason. */
final class WireRefusal {
  private static final int HEAD = Integer.BYTES + Long.BYTES;
  private static final int MAX_REASON = 2_000;

  private WireRefusal() {}

  static Buffer write(Refusal refusal) {
    String reason = String.valueOf(refusal.reason());
    return Buffer.buffer()
        .appendInt(refusal.code().code())
        .appendLong(refusal.retryAfterMs())
        .appendString(reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) : reason);
  }

  /** What was written; a code that this version does not know is a fault of the server. */
  static Refusal read(Buffer payload) {
    if (payload.length() < HEAD) {
      return new Refusal(ErrorCode.SERVER_ERROR, "a failure of " + payload.length() + " bytes");
    }
    String reason = payload.getString(HEAD, payload.length(), StandardCharsets.UTF_8.name());
    return new Refusal(code(payload.getInt(0)), reason, payload.getLong(Integer.BYTES));
  }

  private static ErrorCode code(int number) {
    for (ErrorCode code : ErrorCode.values()) {
      if (code.code() == number) {
        return code;
      }
    }
    return ErrorCode.SERVER_ERROR;
  }
}
