package im.parley;

import im.parley.cluster.Elsewhere;
import im.parley.cluster.Membership;
import im.parley.cluster.NodeInfo;
import im.parley.config.DrainConfig;
import im.parley.gateway.GatewayVerticle;
import im.parley.http.DrainProgress;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way out of one node's clients, run once: a notice to those who send it clients, during which
 * it goes on as before, then paced closes.
 */
final class NodeDrain {
  private static final Logger log = LoggerFactory.getLogger(NodeDrain.class);

  private enum Phase {
    NONE,
    NOTICE,
    CLOSING
  }

  private record Stage(Phase phase, int connections, long endNanos) {}

  private final DrainConfig config;
  private final Vertx vertx;
  private final List<GatewayVerticle> gateways;
  private final IntSupplier connections;
  private final Membership membership;
  private volatile Stage stage = new Stage(Phase.NONE, 0, 0);

  NodeDrain(
      DrainConfig config,
      Vertx vertx,
      List<GatewayVerticle> gateways,
      IntSupplier connections,
      Membership membership) {
    this.config = config;
    this.vertx = vertx;
    this.gateways = gateways;
    this.connections = connections;
    this.membership = membership;
  }

  /** Completes when the last close has been started. Readiness fails from this call on. */
  Future<Void> run() {
    enter(Phase.NOTICE, config.notice());
    membership.nodes().stream()
        .filter(node -> node.id() == membership.self())
        .map(NodeInfo::leaving)
        .forEach(membership::publish);
    long millis = config.notice().toMillis();
    // Of no event loop: those are gone when what hangs on it is done.
    Promise<Void> noticed = Promise.promise();
    if (millis == 0) {
      noticed.complete();
    } else {
      vertx.setTimer(millis, timer -> noticed.complete());
    }
    return noticed.future().compose(over -> close());
  }

  private Future<Void> close() {
    Duration spread = config.spread(connections.getAsInt());
    enter(Phase.CLOSING, spread);
    log.info(
        "clients are sent away [connections: {}, spread: {} s]",
        stage.connections(),
        spread.toMillis() / 1e3);
    return Future.join(
            gateways.stream()
                .map(gateway -> gateway.drain(spread, new Elsewhere(membership)))
                .toList())
        .mapEmpty();
  }

  private void enter(Phase phase, Duration length) {
    stage = new Stage(phase, connections.getAsInt(), System.nanoTime() + length.toNanos());
  }

  /** Whether it has begun. Any thread. */
  boolean hasBegun() {
    return stage.phase() != Phase.NONE;
  }

  /** How far it is. Any thread. */
  DrainProgress progress() {
    Stage now = stage;
    if (now.phase() == Phase.NONE) {
      return DrainProgress.NONE;
    }
    int left = connections.getAsInt();
    boolean closing = now.phase() == Phase.CLOSING;
    long remaining = Math.max(0, (now.endNanos() - System.nanoTime()) / 1_000_000);
    return new DrainProgress(
        closing ? "closing" : "notice",
        closing ? now.connections() : left,
        left,
        closing ? remaining : remaining + config.spread(left).toMillis());
  }
}
