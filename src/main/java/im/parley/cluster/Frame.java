package im.parley.cluster;

import io.vertx.core.buffer.Buffer;

/**
 * What rides in a batch.
 *
 * @param kind what it is
 * @param number of the question it asks or answers; 0 for others
 * @param payload its bytes, shared and never changed
 */
record Frame(Kind kind, long number, Buffer payload) {
  /** That frames were lost before this one. */
  static final Frame OVERRUN = new Frame(Kind.OVERRUN, 0, Buffer.buffer(0));

  /** Bytes of its length and kind on the wire. */
  static final int HEAD = 5;

  // The objects that a waiting frame is made of: buffer, array header, this record, queue slot.
  private static final int OBJECTS = 128;

  /** What a frame is. Its ordinal is on the wire: never reorder. */
  enum Kind {
    /** For {@link PeerBus.Receiver#received}. */
    PLAIN,
    /** For {@link PeerBus.Receiver#asked}. */
    QUESTION,
    /** A question's answer. */
    ANSWER,
    /** A question's failure, as {@link WireRefusal}. */
    FAILURE,
    /** For {@link PeerBus.Receiver#overrun}. */
    OVERRUN;

    private static final Kind[] ALL = values();

    /** The kind on the wire, or null. */
    static Kind of(byte code) {
      return code >= 0 && code < ALL.length ? ALL[code] : null;
    }

    /** Whether a number stands before the payload. */
    boolean isNumbered() {
      return this == QUESTION || this == ANSWER || this == FAILURE;
    }
  }

  static Frame plain(Buffer payload) {
    return new Frame(Kind.PLAIN, 0, payload);
  }

  /** Bytes on the wire. */
  int length() {
    return HEAD + (kind.isNumbered() ? Long.BYTES : 0) + payload.length();
  }

  /** Bytes of memory while it waits. */
  int cost() {
    return OBJECTS + payload.length();
  }
}
