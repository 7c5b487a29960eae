package im.parley.session;

import im.parley.protocol.CloseCode;
import im.parley.protocol.Push;

/** What a session needs of its socket. Event loop only. */
public interface Connection {
  /**
   * Queues a push within the outbound budget: drops a droppable one, or closes as a slow reader,
   * when it is used up.
   */
  void send(Push push);

  /** Starts the closing handshake. */
  void disconnect(CloseCode code);

  /** The second, on a clock of the gateway's, of the last login or heartbeat. */
  int lastSeen();

  /** The present second on the same clock. */
  int now();

  /** The remote address as {@code ip:port}. */
  String remote();
}
