package im.parley.protocol;

/**
 * What a client asks.
 *
 * @param seq opaque, echoed in the reply; empty when the client gave none
 * @param verb the key that named the action, {@code cmd} or {@code action}; the reply uses the same
 * @param action the name of the action; empty when the client gave none
 * @param data the argument as a plain JSON value (Map, List, String, Number, Boolean or null)
 */
public record Request(String seq, Verb verb, String action, Object data) {

  /** The key that names an action: prim's public code says cmd, its document says action. */
  public enum Verb {
    /** prim's code, and pushes to a connection that has asked nothing yet. */
    CMD("cmd"),
    /** prim's document, and Parley's own. */
    ACTION("action");

    private final String key;

    Verb(String key) {
      this.key = key;
    }

    /** The key on the wire. */
    public String key() {
      return key;
    }
  }
}
