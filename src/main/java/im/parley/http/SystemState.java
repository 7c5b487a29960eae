package im.parley.http;

import im.parley.protocol.Platform;
import im.parley.session.Gateway;
import im.parley.session.Router;
import im.parley.session.Session;
import im.parley.session.Topics;
import io.vertx.core.Future;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The numbers of this node under prim's names. */
record SystemState(Router sessions, ConnectionCensus census) {

  /** {@code lists} adds each connection's address and each identity. */
  Future<Map<String, Object>> describe(boolean lists) {
    Future<List<Integer>> users = sessions.askHere(SystemState::users);
    if (!lists) {
      return users.map(counts -> state(sum(counts), Map.of()));
    }
    Future<List<List<String>>> identities = sessions.askHere(SystemState::identities);
    Future<List<String>> addresses = census.addresses();
    return Future.all(users, identities, addresses)
        .map(
            all ->
                state(
                    sum(users.result()),
                    Map.of(
                        "clients",
                        addresses.result(),
                        "users",
                        identities.result().stream().flatMap(List::stream).distinct().toList())));
  }

  private Map<String, Object> state(int users, Map<String, ?> lists) {
    Map<String, Object> manager = new TreeMap<>(lists);
    // Deliveries that wait for an event loop are prim's broadcasts; its other three queues do not
    // exist here.
    manager.put(
        "chanBroadcastLen",
        sessions.gateways().stream().mapToInt(each -> each.inbox().size()).sum());
    manager.put("chanLoginLen", 0);
    manager.put("chanRegisterLen", 0);
    manager.put("chanUnregisterLen", 0);
    manager.put("clientsLen", census.connections());
    manager.put("usersLen", users);
    Map<String, Object> data = new TreeMap<>();
    data.put("managerInfo", manager);
    data.put("numCPU", Runtime.getRuntime().availableProcessors());
    data.put("numGoroutine", ManagementFactory.getThreadMXBean().getThreadCount());
    return data;
  }

  /** Owners of identities, without a walk over all sessions. */
  private static int users(Gateway gateway) {
    int users = gateway.named();
    for (int app = Platform.FIRST_APP; app <= Platform.LAST_APP; app++) {
      users += gateway.topics().count(Topics.lobby(app));
    }
    return users;
  }

  private static List<String> identities(Gateway gateway) {
    List<String> identities = new ArrayList<>();
    gateway.forEach(
        session -> {
          if (session.state() != Session.State.DISOWNED) {
            identities.add(session.platform() + '_' + session.user());
          }
        });
    return identities;
  }

  private static int sum(List<Integer> counts) {
    return counts.stream().mapToInt(Integer::intValue).sum();
  }
}
