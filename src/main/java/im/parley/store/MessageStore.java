package im.parley.store;

import io.vertx.core.Future;
import java.util.function.Consumer;

/**
 * The durable logs of conversations.
 *
 * <p>Ordering: who appends hears of what was stored in the order of offsets for each conversation,
 * on a thread of the store; he must be short and must not block. In a store that nodes share, this
 * is so for the appends of one node; those of the others lie between them. The handlers of a future
 * have no such order: one that is added after it has completed runs on the thread that adds it.
 *
 * <p>Atomicity: dedup check, offset and message live or die together. Durability: a completed
 * append survives a power loss, or what the setting of a shared store says instead.
 *
 * <p>Failure: every future fails with a {@link im.parley.protocol.Refusal}: {@code BUSY} when the
 * queue is full, {@code STORE_UNAVAILABLE} when the medium fails (nothing was stored, as far as the
 * store can know), {@code CONFLICT} for a used cid with another type or body.
 */
public interface MessageStore {
  /**
   * Appends, or finds the first message with this (sender, conversation, cid). A cid is remembered
   * as long as its message, and at least 24 hours from the message's time when retention removes
   * that earlier.
   *
   * @param stored hears of it before the future completes
   */
  Future<Appended> append(Draft draft, Consumer<Appended> stored);

  /** The same for those who need no order. */
  default Future<Appended> append(Draft draft) {
    return append(draft, any -> {});
  }

  /**
   * Messages after {@code offset}, ascending, at most {@code limit}; an unknown conversation is an
   * empty page with head 0.
   */
  Future<LogPage> readAfter(String conversation, long offset, int limit);

  /**
   * The last {@code limit} messages before {@code offset}, ascending; {@code offset} {@code
   * Long.MAX_VALUE} means from the end.
   */
  Future<LogPage> readBefore(String conversation, long offset, int limit);
}
