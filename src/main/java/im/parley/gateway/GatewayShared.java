package im.parley.gateway;

import im.parley.config.Config;
import im.parley.metrics.Metrics;
import java.time.Clock;

/**
 * What all gateways of a node share. Immutable, or safe for any thread.
 *
 * @param config the node's
 * @param metrics the node's
 * @param clock the time of day
 * @param node the node's id, told to clients
 * @param limits counts all connections of the node
 * @param dispatcher knows every action
 */
public record GatewayShared(
    Config config,
    Metrics metrics,
    Clock clock,
    String node,
    ConnectionLimits limits,
    Dispatcher dispatcher) {
  /** With fresh counters. */
  public GatewayShared(Config config, Metrics metrics, Clock clock, String node) {
    this(config, metrics, clock, node, new ConnectionLimits(config.gateway()), new Dispatcher());
  }

  /** Open connections of the node. */
  public int connections() {
    return limits.connections();
  }
}
