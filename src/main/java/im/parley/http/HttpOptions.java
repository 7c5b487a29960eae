package im.parley.http;

import im.parley.config.ServerConfig;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The limits that every HTTP listener keeps. They bind only until a connection is upgraded: from
 * then on its WebSocket handler is alone in the pipeline.
 */
public final class HttpOptions {
  /** Bytes of a request's line; longer is answered 414. */
  public static final int MAX_LINE_BYTES = 4 * 1024;

  /** Bytes of a request's headers together; more is answered 431. */
  public static final int MAX_HEADER_BYTES = 8 * 1024;

  /** Bytes of a request's body; more is answered 413. */
  public static final int MAX_BODY_BYTES = 64 * 1024;

  /** Seconds after which a connection that neither sends nor receives is closed. */
  public static final int IDLE_SECONDS = 30;

  /** Connections of one port that may wait to be accepted. */
  public static final int ACCEPT_BACKLOG = 4096;

  private static final int HANDSHAKE_SECONDS = 10;

  private HttpOptions() {}

  /**
   * For a port of the public, WebSocket or HTTP; 0 takes a free one. With TLS when it is
   * configured.
   */
  public static HttpServerOptions at(ServerConfig server, int port) {
    HttpServerOptions options = plain(server, port);
    if (!server.tlsCertificate().isEmpty()) {
      options
          .setSsl(true)
          .setKeyCertOptions(
              new PemKeyCertOptions()
                  .addCertPath(server.tlsCertificate())
                  .addKeyPath(server.tlsKey()))
          .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
          .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
          .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
          // An upgrade to WebSocket needs HTTP/1.1 (RFC 6455 §4.1), so nothing else is offered.
          .setUseAlpn(true)
          .setAlpnVersions(List.of(HttpVersion.HTTP_1_1));
    }
    return options;
  }

  /** For the admin port, which has no TLS: it is not for the public. */
  public static HttpServerOptions admin(ServerConfig server) {
    return plain(server, server.adminPort());
  }

  private static HttpServerOptions plain(ServerConfig server, int port) {
    HttpServerOptions options = new HttpServerOptions();
    options
        .setHost(server.bind())
        .setPort(port)
        .setAcceptBacklog(ACCEPT_BACKLOG)
        .setTcpNoDelay(true)
        .setReuseAddress(true)
        .setIdleTimeout(IDLE_SECONDS)
        .setIdleTimeoutUnit(TimeUnit.SECONDS);
    return options
        .setMaxInitialLineLength(MAX_LINE_BYTES)
        .setMaxHeaderSize(MAX_HEADER_BYTES)
        .setMaxFormAttributeSize(MAX_BODY_BYTES)
        .setMaxFormBufferedBytes(MAX_BODY_BYTES)
        .setMaxFormFields(64)
        .setHttp2ClearTextEnabled(false)
        .setUseAlpn(false)
        // What is negotiated for WebSockets is the upgrade's own affair.
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false)
        .setCompressionSupported(false)
        .setDecompressionSupported(false);
  }
}
