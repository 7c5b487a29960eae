package im.parley.loadtest.scenario;

import im.parley.loadtest.wire.Connection;
import io.vertx.core.Future;

/** Holds the connections while so many a second leave and come back. */
final class ChurnScenario extends Scenario {
  // Event loop only
  private Pacer pacer;

  ChurnScenario(LoopContext context) {
    super(context);
    context.every(1, this::replaceDue);
  }

  @Override
  Future<Void> begin(String phase) {
    pacer = null;
    if (phase.equals(RUN)) {
      Options options = context.options();
      pacer = new Pacer(context.share(options.rate), options.ramp, System.nanoTime());
    }
    return Future.succeededFuture();
  }

  private void replaceDue() {
    long now = System.nanoTime();
    while (pacer != null && pacer.isDue(now)) {
      pacer.take();
      Connection leaving = fleet.next();
      if (leaving != null) {
        fleet.leave(leaving, true);
      }
    }
  }

  @Override
  void onClosed(Connection connection, int code) {
    if (pacer != null) {
      context.after(0, () -> comeBack(connection));
    }
  }

  private void comeBack(Connection connection) {
    if (connection.isClosed()) {
      fleet.connect(connection);
    }
  }
}
