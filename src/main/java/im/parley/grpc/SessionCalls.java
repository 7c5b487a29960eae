package im.parley.grpc;

import im.parley.chat.Logins;
import im.parley.chat.SessionInfo;
import im.parley.grpc.v1.KickReason;
import im.parley.grpc.v1.KickRequest;
import im.parley.grpc.v1.KickResponse;
import im.parley.grpc.v1.ListSessionsRequest;
import im.parley.grpc.v1.ListSessionsResponse;
import im.parley.grpc.v1.Session;
import im.parley.grpc.v1.SessionsGrpcService;
import im.parley.protocol.CloseCode;
import im.parley.protocol.Fields;
import io.vertx.core.Future;
import io.vertx.grpc.server.Service;
import java.util.Set;

/** parley.v1.Sessions. */
final class SessionCalls {
  private final Logins logins;

  SessionCalls(Logins logins) {
    this.logins = logins;
  }

  Service service() {
    return Service.service(SessionsGrpcService.SERVICE_NAME, SessionsGrpcService.SERVICE_DESCRIPTOR)
        .bind(SessionsGrpcService.List, Call.unary(this::list))
        .bind(SessionsGrpcService.Kick, Call.unary(this::kick))
        .build();
  }

  private Future<ListSessionsResponse> list(ListSessionsRequest request) {
    return logins
        .sessions(Sends.user("user", request.getUser()))
        .map(
            sessions ->
                ListSessionsResponse.newBuilder()
                    .addAllSessions(sessions.stream().map(SessionCalls::session).toList())
                    .build());
  }

  private Future<KickResponse> kick(KickRequest request) {
    CloseCode code = code(request.getReason());
    return logins
        .kick(Sends.user("user", request.getUser()), Set.copyOf(request.getSessionsList()), code)
        .map(kicked -> KickResponse.newBuilder().setKicked(kicked).build());
  }

  private static CloseCode code(KickReason reason) {
    return switch (reason) {
      case KICK_REASON_UNSPECIFIED, KICK_REASON_REMOVED -> CloseCode.REMOVED;
      case KICK_REASON_BANNED -> CloseCode.BANNED;
      case UNRECOGNIZED -> throw Fields.wrong("reason", "one of KickReason", "another number");
    };
  }

  private static Session session(SessionInfo info) {
    return Session.newBuilder()
        .setId(info.id())
        .setUser(info.user())
        .setPlatform(info.platform())
        .setDevice(info.device())
        .setRemote(info.remote())
        .setNode(info.node())
        .build();
  }
}
