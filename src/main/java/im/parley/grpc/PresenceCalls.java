package im.parley.grpc;

import im.parley.chat.Presence;
import im.parley.grpc.v1.PresenceGrpcService;
import im.parley.grpc.v1.QueryPresenceRequest;
import im.parley.grpc.v1.QueryPresenceResponse;
import im.parley.grpc.v1.UserPresence;
import im.parley.grpc.v1.WatchPresenceEvent;
import im.parley.grpc.v1.WatchPresenceRequest;
import im.parley.protocol.ErrorCode;
import im.parley.protocol.Fields;
import im.parley.protocol.Refusal;
import io.vertx.core.Future;
import io.vertx.core.http.HttpConnection;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.Service;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** parley.v1.Presence, and the watches of one event loop. Event loop only. */
final class PresenceCalls {
  /** Watches of one event loop at once; each holds up to {@code sessions.max-watched} users. */
  static final int MAX_WATCHES = 1_000;

  private final Presence presence;
  private final Set<Call<?, ?>> watches = new HashSet<>();

  PresenceCalls(Presence presence) {
    this.presence = presence;
  }

  Service service() {
    return Service.service(PresenceGrpcService.SERVICE_NAME, PresenceGrpcService.SERVICE_DESCRIPTOR)
        .bind(PresenceGrpcService.Query, Call.unary(this::query))
        .bind(PresenceGrpcService.Watch, this::watch)
        .build();
  }

  /** Ends all watches, because the node stops. */
  void close() {
    List.copyOf(watches)
        .forEach(watch -> watch.end(GrpcStatus.UNAVAILABLE, "the node is stopping"));
  }

  /** Ends the watches of a connection that is gone. */
  void lost(HttpConnection connection) {
    List.copyOf(watches).stream()
        .filter(watch -> watch.request().connection() == connection)
        .forEach(Call::lost);
  }

  private Future<QueryPresenceResponse> query(QueryPresenceRequest request) {
    return presence
        .query(users(request.getUsersList()))
        .map(
            states ->
                QueryPresenceResponse.newBuilder()
                    .addAllUsers(states.stream().map(PresenceCalls::state).toList())
                    .build());
  }

  private void watch(GrpcServerRequest<WatchPresenceRequest, WatchPresenceEvent> request) {
    Call<WatchPresenceRequest, WatchPresenceEvent> call = new Call<>(request);
    call.first(
        message -> {
          try {
            List<String> users = users(message.getUsersList().stream().distinct().toList());
            begin(call, users);
          } catch (Refusal refusal) {
            call.refuse(refusal);
          }
        });
  }

  private void begin(Call<WatchPresenceRequest, WatchPresenceEvent> call, List<String> users) {
    if (users.isEmpty()) {
      throw Fields.wrong("users", "at least one user", null);
    }
    if (watches.size() >= MAX_WATCHES) {
      throw new Refusal(ErrorCode.BUSY, "there are " + MAX_WATCHES + " watches already");
    }
    watches.add(call);
    PresenceStream stream = new PresenceStream(call, presence, users);
    call.onEnd(
        () -> {
          watches.remove(call);
          stream.close();
        });
    stream.start();
  }

  private List<String> users(List<String> users) {
    if (users.size() > presence.maxWatched()) {
      throw new Refusal(
          ErrorCode.TOO_LARGE,
          "users: at most " + presence.maxWatched() + " at once, got " + users.size());
    }
    users.forEach(user -> Sends.user("users", user));
    return users;
  }

  /** The message of a state as the use case gives it: {@code {"user","online","platforms"}}. */
  static UserPresence state(Map<String, Object> state) {
    UserPresence.Builder built =
        UserPresence.newBuilder()
            .setUser((String) state.get("user"))
            .setOnline((Boolean) state.get("online"));
    ((List<?>) state.get("platforms")).forEach(platform -> built.addPlatforms((String) platform));
    return built.build();
  }
}
