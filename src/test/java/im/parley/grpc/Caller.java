package im.parley.grpc;

import static im.parley.testing.Waiting.await;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A service that calls, and sees statuses and trailers. */
final class Caller implements AutoCloseable {
  final GrpcClient client;
  final SocketAddress address;

  Caller(Vertx vertx, SocketAddress address) {
    this.client = GrpcClient.client(vertx, options());
    this.address = address;
  }

  private static HttpClientOptions options() {
    return new HttpClientOptions()
        .setHttp2ClearTextUpgrade(false)
        .setHttp2ConnectionWindowSize(4 << 20); // a stream that is not read leaves room for others
  }

  /** What a call came to. */
  record Outcome<R>(
      GrpcStatus status, String text, String reason, String retryAfter, List<R> replies) {
    R reply() {
      return replies.get(0);
    }
  }

  <Q, R> Outcome<R> call(ServiceMethod<R, Q> method, Q message) {
    return call(method, message, Map.of());
  }

  <Q, R> Outcome<R> call(ServiceMethod<R, Q> method, Q message, Map<String, String> metadata) {
    return await(
        client
            .request(address, method)
            .compose(
                request -> {
                  request.headers().addAll(metadata);
                  Future<Outcome<R>> outcome = request.response().compose(Caller::outcome);
                  return request.end(message).transform(sent -> outcome);
                }));
  }

  static <Q, R> Future<Outcome<R>> outcome(GrpcClientResponse<Q, R> response) {
    List<R> replies = new CopyOnWriteArrayList<>();
    response.handler(replies::add);
    return response
        .end()
        // The client takes a status other than OK for a failure; here it is an outcome.
        .recover(
            failure ->
                response.status() == null ? Future.failedFuture(failure) : Future.succeededFuture())
        .map(
            ended ->
                new Outcome<>(
                    response.status(),
                    response.statusMessage(),
                    either(response, GrpcRefusals.REASON),
                    either(response, GrpcRefusals.RETRY_AFTER),
                    replies));
  }

  /** A reply of trailers only has them where headers are. */
  private static String either(GrpcClientResponse<?, ?> response, String name) {
    MultiMap trailers = response.trailers();
    String value = trailers == null ? null : trailers.get(name);
    return value == null ? response.headers().get(name) : value;
  }

  @Override
  public void close() {
    await(client.close());
  }
}
