package im.parley.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.spi.metrics.HttpServerMetrics;
import io.vertx.core.spi.observability.HttpResponse;
import java.util.Map;

/**
 * Turns requests of a Vert.x HTTP/1.1 server into WebSocket connections. Routing, TLS and options
 * of the server stay Vert.x's; after the 101 the channel has no handler but TLS and ours, which is
 * a tenth of the memory of a Vert.x WebSocket.
 */
final class WebSocketUpgrade {
  private static final String HANDLER_NAME = "websocket";

  private WebSocketUpgrade() {}

  /**
   * Answers an upgrade request: with 101, after which the connection is the handler's alone, or
   * with why not. Call it from the request handler itself, not later, on the event loop of the
   * handler's {@link WebSocketLoop}.
   *
   * @return whether the handshake was right; then {@link WebSocketHandler#onOpen} follows by a
   *     later task of the loop, unless the peer has gone by then
   */
  static boolean accept(HttpServerRequest request, WebSocketHandler handler) {
    assert handler.loop().inEventLoop();
    Handshake handshake = Handshake.of(request, handler.loop().options());
    if (!handshake.isAgreed()) {
      refuse(request.response(), handshake);
      return false;
    }
    ConnectionBase connection = (ConnectionBase) request.connection();
    ChannelPipeline pipeline = connection.channelHandlerContext().pipeline();
    // From here on nothing may be read as HTTP: frames can be in the same segment as the request.
    // Removed, the decoder gives
    // what it still holds to the handler behind it, which keeps it.
    String decoder = pipeline.context(HttpRequestDecoder.class).name();
    pipeline.addAfter(decoder, HANDLER_NAME, handler);
    pipeline.remove(decoder);
    // The other HTTP handlers are on the stack just now, and have yet to see the end of the
    // request.
    pipeline.channel().eventLoop().execute(() -> takeOver(request, connection, handler, handshake));
    return true;
  }

  private static void refuse(HttpServerResponse response, Handshake handshake) {
    if (handshake.status() == 426) {
      // RFC 6455 §4.4
      response.putHeader("Sec-WebSocket-Version", Handshake.VERSION);
    }
    response
        .setStatusCode(handshake.status())
        .putHeader("Content-Type", "text/plain; charset=utf-8")
        .end(handshake.fault());
  }

  private static void takeOver(
      HttpServerRequest request,
      ConnectionBase connection,
      WebSocketHandler handler,
      Handshake handshake) {
    ChannelPipeline pipeline = connection.channelHandlerContext().pipeline();
    if (!pipeline.channel().isActive()) {
      return; // Vert.x and the handler have seen the end
    }
    endMetrics(request, connection);
    for (Map.Entry<String, ChannelHandler> entry : pipeline) {
      ChannelHandler each = entry.getValue();
      if (each != handler && !(each instanceof SslHandler)) {
        pipeline.remove(each);
      }
    }
    ByteBuf response = ByteBufUtil.writeAscii(handler.loop().allocator(), handshake.response());
    handler.open(response, handshake.extension() != null);
  }

  /**
   * Vert.x sees neither the response nor the end of the connection; its gauges would count both for
   * ever.
   */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private static void endMetrics(HttpServerRequest request, ConnectionBase connection) {
    if (connection.metrics() instanceof HttpServerMetrics metrics) {
      if (request instanceof HttpServerRequestInternal internal
          && request.response().setStatusCode(101) instanceof HttpResponse response) {
        metrics.responseBegin(internal.metric(), response);
        metrics.responseEnd(internal.metric(), response, 0);
      }
      metrics.disconnected(connection.metric(), connection.remoteAddress());
    }
  }
}
