package im.parley.loadtest.wire;

/** What a loop's scenario hears of its connections. Called on that loop. */
public interface ConnectionListener {
  /** The server has answered 101. */
  void onOpen(Connection connection);

  /**
   * A whole text or binary message came.
   *
   * @param text holds it from 0; valid during the call only
   * @param length in bytes
   */
  void onMessage(Connection connection, byte[] text, int length);

  /** The server closes the connection with a frame; {@link #onClosed} follows. */
  void onCloseFrame(Connection connection);

  /**
   * The connection ended, or was never opened. Called exactly once for each connect.
   *
   * @param code of the server's close frame; {@link Connection#NO_CLOSE_FRAME} without one
   */
  void onClosed(Connection connection, int code);
}
