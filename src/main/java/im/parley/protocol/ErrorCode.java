package im.parley.protocol;

/**
 * The codes of replies. 200 and 1000–1010 keep prim's number and text; Parley's own start at 1100.
 * A number is never reused.
 *
 * <p>A retryable code means: the same request may succeed later, and is safe to repeat; its reply
 * carries {@code data.retryAfterMs}.
 */
public enum ErrorCode {
  /** The request was carried out. */
  OK(200, "Success", false),
  /** The action needs a login first. */
  NOT_LOGGED_IN(1000, "未登录", false),
  /** A field is missing, of the wrong type, or out of range. */
  ILLEGAL_PARAMETER(1001, "参数不合法", false),
  /** The user id is empty, too long, or has forbidden characters. */
  ILLEGAL_USER(1002, "非法的用户ID", false),
  /** The token is missing, wrong or expired, or the platform is not allowed. */
  UNAUTHORIZED(1003, "未授权", false),
  /** A fault of the server; the log has the cause. */
  SERVER_ERROR(1004, "系统错误", false),
  /** prim: there is no such data. Never sent. */
  NO_DATA(1005, "没有数据", false),
  /** prim: adding failed. Never sent. */
  ADD_ERROR(1006, "添加错误", false),
  /** prim: deleting failed. Never sent. */
  DELETE_ERROR(1007, "删除错误", false),
  /** prim: storing failed. Never sent; see {@link #STORE_UNAVAILABLE}. */
  STORE_ERROR(1008, "存储错误", false),
  /** The operation does not fit the connection's state, such as a second login. */
  OPERATION_FAILED(1009, "操作失败", false),
  /** There is no such action. */
  NO_ROUTE(1010, "路由不存在", false),

  /** This cid was used before in this conversation with another body. */
  CONFLICT(1100, "conflict", false),
  /** The user is not a member of the conversation. */
  NOT_MEMBER(1101, "not a member", false),
  /** The user's role does not allow it. */
  FORBIDDEN(1102, "forbidden", false),
  /** There is no such conversation, room or user. */
  NOT_FOUND(1103, "not found", false),
  /** A message, list or name is over its limit. */
  TOO_LARGE(1104, "too large", false),
  /** More requests than the limit allows; later they are taken again. */
  RATE_LIMITED(1105, "rate limited", true),
  /** A queue of the server is full; nothing was stored. */
  BUSY(1106, "busy", true),
  /** The store cannot write or read just now; it may have stored what it was asked last. */
  STORE_UNAVAILABLE(1107, "store unavailable", true),
  /** The token has ended; get a new one. */
  TOKEN_EXPIRED(1108, "token expired", false),
  /** The recipient does not take messages from this sender. */
  BLOCKED(1109, "blocked", false),
  /** What was asked for has been trimmed by retention. */
  GAP(1110, "history trimmed", false),
  /** There is already one of that name. */
  EXISTS(1111, "already exists", false);

  private final int code;
  private final String text;
  private final boolean retryable;

  ErrorCode(int code, String text, boolean retryable) {
    this.code = code;
    this.text = text;
    this.retryable = retryable;
  }

  /** The number on the wire. */
  public int code() {
    return code;
  }

  /** The {@code codeMsg} on the wire. */
  public String text() {
    return text;
  }

  /** Whether the same request may succeed later without a change. */
  public boolean retryable() {
    return retryable;
  }
}
