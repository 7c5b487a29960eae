package im.parley.chat;

import im.parley.auth.TokenVerifier;
import im.parley.cluster.NodeInfo;
import im.parley.config.Config;
import im.parley.metrics.Metrics;
import im.parley.session.Router;
import im.parley.store.Store;
import java.time.Clock;

/** The use cases of one node, free of transport. */
public final class Chat {
  private final Sending sending;
  private final Reading reading;
  private final Syncing syncing;
  private final Receipts receipts;
  private final Rooms rooms;
  private final Presence presence;
  private final Lobby lobby;
  private final Logins logins;

  /**
   * @param verifier judges tokens; null in open mode
   * @param self the node: its number tells its message and session ids from another's
   */
  public Chat(
      Config config,
      Store store,
      Router router,
      TokenVerifier verifier,
      Metrics metrics,
      Clock clock,
      NodeInfo self) {
    MessageIds ids = new MessageIds(clock, self.id());
    sending = new Sending(store, router, config.chat(), ids, clock, metrics);
    reading = new Reading(store, config.chat());
    syncing = new Syncing(store, config.chat());
    receipts = new Receipts(store, router);
    rooms = new Rooms(store, router, config.chat(), ids, clock);
    presence = new Presence(router, config.sessions());
    lobby = new Lobby(router, config.chat(), clock, metrics);
    logins =
        new Logins(
            store,
            router,
            config.auth(),
            config.sessions(),
            verifier,
            lobby,
            presence,
            metrics,
            new SessionIds(clock, self.id()),
            self);
    router.cluster().membership().watch(new Reunion(router, logins.devices(), lobby, presence));
  }

  /** Sends messages. */
  public Sending sending() {
    return sending;
  }

  /** Reads history and lists. */
  public Reading reading() {
    return reading;
  }

  /** Brings clients up to date. */
  public Syncing syncing() {
    return syncing;
  }

  /** Moves marks. */
  public Receipts receipts() {
    return receipts;
  }

  /** Rooms. */
  public Rooms rooms() {
    return rooms;
  }

  /** Who is online. */
  public Presence presence() {
    return presence;
  }

  /** prim's rooms. */
  public Lobby lobby() {
    return lobby;
  }

  /** Begins and ends sessions. */
  public Logins logins() {
    return logins;
  }
}
