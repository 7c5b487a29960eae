package im.parley.store;

import im.parley.metrics.StoreReadings;
import io.vertx.core.Future;

/** A store as a whole: its parts and its life. */
public interface Store {
  /** The logs. */
  MessageStore messages();

  /** Membership and marks. */
  ConversationStore conversations();

  /** Rooms. */
  RoomStore rooms();

  /** How the store is. */
  StoreHealth health();

  /** How the store is doing now. */
  StoreReadings stats();

  /** Finishes what was accepted, then closes. New requests are refused with STORE_UNAVAILABLE. */
  Future<Void> close();

  /**
   * How a store is.
   *
   * @param readable whether reads work
   * @param writable whether appends work
   * @param detail for the operator: what is wrong and what to do, empty when all is well
   */
  record StoreHealth(boolean readable, boolean writable, String detail) {}
}
