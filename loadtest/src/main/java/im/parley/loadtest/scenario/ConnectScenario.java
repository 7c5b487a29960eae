package im.parley.loadtest.scenario;

import io.vertx.core.Future;

/** Connects, logs in, and holds the connections with heartbeats. */
final class ConnectScenario extends Scenario {
  ConnectScenario(LoopContext context) {
    super(context);
  }

  @Override
  Future<Void> begin(String phase) {
    return Future.succeededFuture();
  }
}
