package im.parley.protocol;

/**
 * Why the server closes a connection. The range tells the client what to do: 4000–4499 reconnect
 * and sync, 4500–4999 do not come back by yourself. 1000–1015 are RFC 6455's (§7.4.1).
 */
public enum CloseCode {
  /** The work is done: an answer to the client's own close, or a logout. */
  NORMAL(1000, ""),
  /** The node stops. */
  GOING_AWAY(1001, "going away"),
  /** The peer broke RFC 6455. */
  PROTOCOL_ERROR(1002, "protocol error"),
  /** A text frame that is not UTF-8. */
  INVALID_PAYLOAD(1007, "invalid utf-8"),
  /** A frame or message over {@code gateway.max-frame-bytes}. */
  TOO_BIG(1009, "message too big"),
  /** A fault of the server. */
  INTERNAL_ERROR(1011, "internal error"),

  /** The node is being emptied; another one takes the client. */
  DRAINING(4000, "draining: reconnect and sync"),
  /** The peer read more slowly than was sent, beyond its budget. */
  SLOW_READER(4001, "slow reader: reconnect and sync"),
  /** No heartbeat within the expiry. */
  HEARTBEAT_MISSED(4002, "heartbeat missed: reconnect and sync"),
  /** The node lost track of what this client has; it must sync. */
  RESYNC(4003, "resync: reconnect and sync"),

  /** The same device logged in elsewhere, or the policy made room for another. */
  REPLACED(4500, "replaced by another login"),
  /** An administrator ended the session. */
  REMOVED(4501, "removed by an administrator"),
  /** The user is banned. */
  BANNED(4502, "banned"),
  /** The token was refused, or ended without a refresh. */
  TOKEN_REFUSED(4503, "token refused or expired: get a new one"),
  /** The peer abused the protocol, such as endless requests before a login. */
  ABUSE(4504, "protocol abused");

  private final int code;
  private final String reason;

  CloseCode(int code, String reason) {
    this.code = code;
    this.reason = reason;
  }

  /** The number in the close frame. */
  public int code() {
    return code;
  }

  /** The reason in the close frame, ASCII, at most 123 bytes. */
  public String reason() {
    return reason;
  }
}
