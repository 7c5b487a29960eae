package im.parley.grpc;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.health.v1.HealthCheckRequest;
import io.vertx.grpc.health.v1.HealthCheckResponse;
import io.vertx.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.vertx.grpc.health.v1.HealthListRequest;
import io.vertx.grpc.health.v1.HealthListResponse;
import io.vertx.grpc.health.v1.HealthProto;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.Service;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * grpc.health.v1.Health: each service, and the server as a whole (the empty name), serves while the
 * store can be written. Event loop only.
 *
 * <p>The library's own health service is not used: it calls the server as a whole healthy whatever
 * its checks say, and keeps watches whose callers have gone.
 */
final class HealthCalls {
  static final ServiceName NAME = ServiceName.create("grpc.health.v1.Health");

  private static final ServiceMethod<HealthCheckRequest, HealthCheckResponse> CHECK =
      ServiceMethod.server(
          NAME,
          "Check",
          GrpcMessageEncoder.encoder(),
          GrpcMessageDecoder.decoder(HealthCheckRequest.newBuilder()));
  private static final ServiceMethod<HealthCheckRequest, HealthCheckResponse> WATCH =
      ServiceMethod.server(
          NAME,
          "Watch",
          GrpcMessageEncoder.encoder(),
          GrpcMessageDecoder.decoder(HealthCheckRequest.newBuilder()));
  private static final ServiceMethod<HealthListRequest, HealthListResponse> LIST =
      ServiceMethod.server(
          NAME,
          "List",
          GrpcMessageEncoder.encoder(),
          GrpcMessageDecoder.decoder(HealthListRequest.newBuilder()));

  private static final int MAX_WATCHES = 1_000;
  private static final long POLL_MILLIS = 1_000;

  private final Supplier<Boolean> writable;
  private final Set<String> names = new HashSet<>();
  private final Set<HealthWatch> watches = new HashSet<>();

  HealthCalls(Supplier<Boolean> writable, List<Service> services) {
    this.writable = writable;
    names.add("");
    names.add(NAME.fullyQualifiedName());
    services.forEach(service -> names.add(service.name().fullyQualifiedName()));
  }

  Service service() {
    return Service.service(NAME, HealthProto.getDescriptor().findServiceByName("Health"))
        .bind(CHECK, Call.unary(this::check))
        .bind(LIST, Call.unary(request -> Future.succeededFuture(list())))
        .bind(WATCH, this::watch)
        .build();
  }

  /** Looks at the store once a second for those who watch. */
  void start(Vertx vertx) {
    vertx.setPeriodic(POLL_MILLIS, id -> List.copyOf(watches).forEach(HealthWatch::look));
  }

  /** Ends all watches, because the node stops. */
  void close() {
    List.copyOf(watches)
        .forEach(watch -> watch.call.end(GrpcStatus.UNAVAILABLE, "the node is stopping"));
  }

  /** Ends the watches of a connection that is gone. */
  void lost(HttpConnection connection) {
    List.copyOf(watches).stream()
        .map(watch -> watch.call)
        .filter(call -> call.request().connection() == connection)
        .forEach(Call::lost);
  }

  private Future<HealthCheckResponse> check(HealthCheckRequest request) {
    if (!names.contains(request.getService())) {
      throw new Refusal(ErrorCode.NOT_FOUND, "there is no such service");
    }
    return Future.succeededFuture(response(request.getService()));
  }

  private HealthListResponse list() {
    HealthListResponse.Builder list = HealthListResponse.newBuilder();
    names.forEach(name -> list.putStatuses(name, response(name)));
    return list.build();
  }

  private void watch(GrpcServerRequest<HealthCheckRequest, HealthCheckResponse> request) {
    Call<HealthCheckRequest, HealthCheckResponse> call = new Call<>(request);
    call.first(
        message -> {
          if (watches.size() >= MAX_WATCHES) {
            call.refuse(
                new Refusal(ErrorCode.BUSY, "there are " + MAX_WATCHES + " watches already"));
            return;
          }
          HealthWatch watch = new HealthWatch(call, message.getService());
          watches.add(watch);
          call.onEnd(() -> watches.remove(watch));
          watch.look();
        });
  }

  private HealthCheckResponse response(String name) {
    ServingStatus status =
        !names.contains(name)
            ? ServingStatus.SERVICE_UNKNOWN
            : writable.get() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    return HealthCheckResponse.newBuilder().setStatus(status).build();
  }

  /** One who watches one service. */
  private final class HealthWatch {
    private final Call<HealthCheckRequest, HealthCheckResponse> call;
    private final String name;
    private HealthCheckResponse told;

    HealthWatch(Call<HealthCheckRequest, HealthCheckResponse> call, String name) {
      this.call = call;
      this.name = name;
    }

    void look() {
      HealthCheckResponse present = response(name);
      if (!present.equals(told) && !call.response().writeQueueFull()) {
        told = present;
        call.write(present);
      }
    }
  }
}
