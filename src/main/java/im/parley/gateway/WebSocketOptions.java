package im.parley.gateway;

import im.parley.config.GatewayConfig;
import java.time.Duration;
import java.util.List;

/**
 * What every WebSocket of a gateway keeps to.
 *
 * @param maxMessageBytes of one message, all its fragments joined and inflated; larger closes 1009
 * @param compression whether permessage-deflate is accepted when offered
 * @param allowedOrigins Origin values that may upgrade; empty lets any in, and so does a client
 *     without an Origin
 * @param subprotocols that may be selected when offered; empty selects none
 * @param pongLimitBytes unsent bytes from which a ping is no longer answered, so that an unread
 *     socket cannot grow memory
 * @param closeTimeout how long the peer has for its half of the closing handshake
 */
record WebSocketOptions(
    int maxMessageBytes,
    boolean compression,
    List<String> allowedOrigins,
    List<String> subprotocols,
    int pongLimitBytes,
    Duration closeTimeout) {

  private static final int PONG_LIMIT_BYTES = 16 * 1024;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  WebSocketOptions {
    if (maxMessageBytes < 125) {
      throw new IllegalArgumentException(
          "maxMessageBytes is "
              + maxMessageBytes
              + ", expected at least 125, a control frame's payload");
    }
    allowedOrigins = List.copyOf(allowedOrigins);
    subprotocols = List.copyOf(subprotocols);
  }

  static WebSocketOptions of(GatewayConfig config) {
    return new WebSocketOptions(
        config.maxFrameBytes(),
        config.compression(),
        config.allowedOrigins(),
        List.of(),
        PONG_LIMIT_BYTES,
        CLOSE_TIMEOUT);
  }
}
