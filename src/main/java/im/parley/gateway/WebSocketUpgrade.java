package im.parley.gateway;

import io.vertx.core.http.HttpServerRequest;

/** Turns HTTP requests into WebSocket connections. */
final class WebSocketUpgrade {
  private WebSocketUpgrade() {}

  /**
   * Answers an upgrade request: with 101, after which the connection is the handler's alone, or with why not. Call it from
   * the request handler itself, not later, on the event loop of the handler's {@link WebSocketLoop}.
   *
   * @return whether the handshake was right; then {@link WebSocketHandler#onOpen} follows by a later task of the loop, unless
   *     the peer has gone by then
   */
  static boolean accept(HttpServerRequest request, WebSocketHandler handler) {
    throw new UnsupportedOperationException("the handshake comes with the next commit");
  }
}
