package im.parley.http;

import im.parley.store.Store.StoreHealth;

/**
 * How a node is at one moment.
 *
 * @param store how its store is
 * @param listening whether its ports are open
 * @param draining whether it is stopping and sends its clients elsewhere
 */
public record Health(StoreHealth store, boolean listening, boolean draining) {
  /** Whether new clients should be sent here. */
  public boolean ready() {
    return store.readable() && store.writable() && listening && !draining;
  }
}
