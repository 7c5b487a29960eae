package im.parley.grpc;

import im.parley.auth.ServiceTokens;
import im.parley.chat.Chat;
import im.parley.config.ServerConfig;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.server.GrpcProtocol;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerOptions;
import io.vertx.grpc.server.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The gRPC port of one event loop; all instances share it. Plaintext HTTP/2 for a private network.
 *
 * <p>Work is bounded by {@link #MAX_CONNECTIONS} times {@link #MAX_STREAMS} calls an event loop,
 * {@link SendStream#WINDOW} messages a sending stream, and behind them by the store's queue, which
 * answers BUSY.
 */
public final class GrpcVerticle extends VerticleBase {
  /**
   * The largest message a caller may send; a body's limit, {@code chat.max-body-bytes}, is tighter.
   */
  static final int MAX_MESSAGE_BYTES = 1 << 20;

  /**
   * Connections of one event loop; services keep few and long-lived ones. Further ones are closed
   * at once.
   */
  static final int MAX_CONNECTIONS = 256;

  /** Calls at once on one connection; HTTP/2 makes the caller wait for a free one. */
  static final int MAX_STREAMS = 100;

  private static final int STREAM_WINDOW = 64 * 1024 - 1; // RFC 9113 §6.9.2: the initial one

  private static final int MAX_HEADER_BYTES = 16 * 1024;

  // Instances with the same number below 0 share one free port; the number must be no other
  // server's.
  private static final int FREE_PORT = -9001;

  private final ServerConfig config;
  private final ServiceTokens tokens;
  private final PresenceCalls presence;
  private final List<Service> services;
  private final HealthCalls health;
  private HttpServer server;
  private int connections;

  /**
   * @param config bind address and gRPC port; 0 takes a free one, the same for all instances of a
   *     node
   * @param chat the use cases
   * @param tokens who may call
   * @param writable whether the store can be written, asked once a second and for each health check
   */
  public GrpcVerticle(
      ServerConfig config, Chat chat, ServiceTokens tokens, Supplier<Boolean> writable) {
    this.config = config;
    this.tokens = tokens;
    this.presence = new PresenceCalls(chat.presence());
    this.services =
        List.of(
            presence.service(),
            new MessageCalls(chat).service(),
            new SessionCalls(chat.logins()).service(),
            new AccServerCalls(chat.lobby()).service());
    this.health = new HealthCalls(writable, services);
  }

  @Override
  public Future<?> start() {
    List<Service> all = new ArrayList<>(services);
    all.add(health.service());
    all.addAll(new ReflectionCalls(all).services());
    GrpcServer grpc = GrpcServer.server(vertx, grpcOptions());
    all.forEach(grpc::addService);
    health.start(vertx);
    Set<ServiceName> open = Set.of(HealthCalls.NAME, ReflectionCalls.V1, ReflectionCalls.V1_ALPHA);
    server =
        vertx
            .createHttpServer(httpOptions())
            .connectionHandler(this::limit)
            .requestHandler(new CallGate(grpc, tokens, open));
    return server.listen(config.grpcPort() == 0 ? FREE_PORT : config.grpcPort(), config.bind());
  }

  /** Ends the watches, then lets running calls finish within the drain grace. */
  @Override
  public Future<?> stop() {
    presence.close();
    health.close();
    return server.shutdown(config.drain().grace().toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The port it listens on, once it does. */
  public int actualPort() {
    return server.actualPort();
  }

  private void limit(HttpConnection connection) {
    if (++connections > MAX_CONNECTIONS) {
      connection.close();
    }
    connection.closeHandler(
        v -> {
          connections--;
          // A stream with unwritten messages may not hear of it (a fault of vertx-core 5.0.12's
          // VertxHttp2Stream).
          presence.lost(connection);
          health.lost(connection);
        });
  }

  private static GrpcServerOptions grpcOptions() {
    return new GrpcServerOptions()
        .removeEnabledProtocol(GrpcProtocol.WEB)
        .removeEnabledProtocol(GrpcProtocol.WEB_TEXT)
        .removeEnabledProtocol(GrpcProtocol.TRANSCODING)
        .setScheduleDeadlineAutomatically(false) // a call's own, so that it ends once
        .setMaxMessageSize(MAX_MESSAGE_BYTES);
  }

  private static HttpServerOptions httpOptions() {
    return new HttpServerOptions()
        // Room for every stream's window: otherwise one stream that is not read stops all of its
        // connection.
        .setHttp2ConnectionWindowSize(MAX_STREAMS * STREAM_WINDOW)
        .setInitialSettings(
            new Http2Settings()
                .setMaxConcurrentStreams(MAX_STREAMS)
                .setMaxHeaderListSize(MAX_HEADER_BYTES));
  }
}
