package im.parley.loadtest.scenario;

import im.parley.loadtest.measure.LoopMeter;
import im.parley.loadtest.wire.Connection;
import im.parley.loadtest.wire.Reply;
import io.vertx.core.Future;
import java.time.Duration;

/**
 * What the connections of one loop do, phase by phase. One instance per loop, and all of it on that
 * loop.
 */
public abstract class Scenario {
  /** In which every run begins. */
  static final String CONNECT = "connect";

  static final String WARM_UP = "warm up";
  static final String RUN = "run";
  static final String QUIET = "quiet";

  final LoopContext context;
  final LoopMeter meter;
  final Fleet fleet;
  final Requests requests;

  Scenario(LoopContext context) {
    this.context = context;
    this.meter = context.meter();
    this.fleet = new Fleet(context, this);
    this.requests = fleet.requests();
  }

  /**
   * Begins a phase. The future completes when this loop has done what the phase asks; in a timed
   * phase that is at once, and the next phase ends it.
   */
  public final Future<Void> enter(String phase) {
    if (phase.equals(CONNECT)) {
      fleet.startHeartbeats(heartbeat());
      return fleet.connectAll();
    }
    return begin(phase);
  }

  abstract Future<Void> begin(String phase);

  Duration heartbeat() {
    return context.options().heartbeat;
  }

  void onReady(Connection connection) {}

  void onReply(Connection connection, Reply reply) {}

  void onPush(Connection connection, Reply reply) {}

  void onHeartbeat(Connection connection) {}

  /** The server has said that it closes a ready connection. */
  void onCloseFrame(Connection connection) {}

  /** A connection ended, whether it had been ready or not. */
  void onClosed(Connection connection, int code) {}

  /** Whether the end of a ready connection is a fault of the server's. */
  boolean isLoss(Connection connection) {
    return true;
  }

  public final int open() {
    return fleet.open();
  }

  public final int ready() {
    return fleet.ready();
  }
}
