package im.parley.grpc;

import im.parley.auth.ServiceTokens;
import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.grpc.common.GrpcHeaderNames;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.server.GrpcServer;
import java.util.HashSet;
import java.util.Set;

/**
 * Stands before all methods and judges a call by its headers: whether there is such a method,
 * whether the caller may, and whether it can be read. Nothing of a refused call's messages is
 * decoded. Event loop only.
 */
final class CallGate implements Handler<HttpServerRequest> {
  private static final String MEDIA_TYPE = "application/grpc";

  private final GrpcServer server;
  private final ServiceTokens tokens;
  private final Set<String> paths = new HashSet<>();
  private final Set<String> openPaths = new HashSet<>();

  /** {@code open} are the services that need no token. */
  CallGate(GrpcServer server, ServiceTokens tokens, Set<ServiceName> open) {
    this.server = server;
    this.tokens = tokens;
    server
        .services()
        .forEach(
            service ->
                service
                    .methodDescriptors()
                    .forEach(
                        method -> {
                          String name = service.name().fullyQualifiedName();
                          String path = '/' + name + '/' + method.getName();
                          paths.add(path);
                          if (open.contains(service.name())) {
                            openPaths.add(path);
                          }
                        }));
  }

  @Override
  public void handle(HttpServerRequest request) {
    Refusal refusal = judge(request);
    if (refusal == null || !isGrpc(request)) {
      server.handle(request); // which answers what is no gRPC with 415
    } else {
      refuse(request.response(), refusal);
    }
  }

  private Refusal judge(HttpServerRequest request) {
    if (!openPaths.contains(request.path()) && !tokens.allows(request.getHeader("authorization"))) {
      return new Refusal(
          ErrorCode.UNAUTHORIZED,
          "authorization: expected Bearer and a service token in the call's metadata");
    }
    if (!paths.contains(request.path())) {
      return new Refusal(ErrorCode.NO_ROUTE, "there is no such method");
    }
    String encoding = request.getHeader(GrpcHeaderNames.GRPC_ENCODING);
    if (encoding != null && !encoding.equals("identity")) {
      // A small compressed message can unfold to gigabytes, and the decoder has no bound.
      return new Refusal(
          ErrorCode.NO_ROUTE, "grpc-encoding: expected identity, compressed messages are not read");
    }
    if (encoding == null) {
      request
          .headers()
          .set(
              GrpcHeaderNames.GRPC_ENCODING,
              "identity"); // the decoder throws at a compressed flag without it
    }
    return null;
  }

  private static boolean isGrpc(HttpServerRequest request) {
    String type = request.getHeader("content-type");
    return request.version() == HttpVersion.HTTP_2 && type != null && type.startsWith(MEDIA_TYPE);
  }

  /** A reply of trailers only, as gRPC over HTTP/2 calls it. */
  private static void refuse(HttpServerResponse response, Refusal refusal) {
    response
        .putHeader("content-type", MEDIA_TYPE)
        .putHeader(GrpcHeaderNames.GRPC_STATUS, GrpcRefusals.status(refusal.code()).toString())
        .putHeader(GrpcHeaderNames.GRPC_MESSAGE, GrpcRefusals.text(refusal));
    GrpcRefusals.describe(refusal, response.headers());
    response.end();
  }
}
