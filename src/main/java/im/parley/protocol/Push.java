package im.parley.protocol;

/**
 * What the server sends unasked, encoded once for all who get it. Immutable but for its cached
 * texts, which any thread may fill (the race is benign: the same bytes).
 */
public final class Push {
  private static final String OK_TEXT = "Ok"; // prim: pushes say Ok, replies Success

  private final String action;
  private final String seq;
  private final Object data;
  private final boolean droppable;
  private volatile byte[] cmdText;
  private volatile byte[] actionText;

  private Push(String action, String seq, Object data, boolean droppable) {
    this.action = action;
    this.seq = seq;
    this.data = data;
    this.droppable = droppable;
  }

  /** A push that a slow reader is closed for rather than spared. */
  public static Push of(String action, String seq, Object data) {
    return new Push(action, seq, data, false);
  }

  /** A push that a slow reader may miss without harm, such as typing or presence. */
  public static Push droppable(String action, String seq, Object data) {
    return new Push(action, seq, data, true);
  }

  /** A stored message. */
  public static Push of(Message message) {
    return new Push("msg", message.id(), message, false);
  }

  /** The message that this push carries, or null. */
  public Message message() {
    return data instanceof Message message ? message : null;
  }

  /** What it carries, as plain values or as something that knows its own JSON. */
  public Object data() {
    return data;
  }

  /** The name of the push, such as {@code msg}. */
  public String action() {
    return action;
  }

  /** Its {@code seq}: a stored message's id, otherwise mostly empty. */
  public String seq() {
    return seq;
  }

  /** Whether a slow reader may miss it. */
  public boolean droppable() {
    return droppable;
  }

  /** The UTF-8 text in the dialect of {@code verb}; shared, not to be changed. */
  public byte[] text(Request.Verb verb) {
    byte[] text = verb == Request.Verb.CMD ? cmdText : actionText;
    if (text == null) {
      text = Envelope.encode(seq, verb, action, ErrorCode.OK.code(), OK_TEXT, data);
      if (verb == Request.Verb.CMD) {
        cmdText = text;
      } else {
        actionText = text;
      }
    }
    return text;
  }
}
