package im.parley.config;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Connections and their limits.
 *
 * @param maxConnections of the node; beyond it an upgrade gets 503 with Retry-After
 * @param maxConnectionsPerAddress of one remote address; beyond it an upgrade gets 429
 * @param maxFrameBytes of one message from a client, all its fragments together; larger closes 1009
 * @param expiry a connection without login or heartbeat for so long is closed; prim's is 360 s
 * @param heartbeat what native clients are told to keep to
 * @param softBudgetBytes unsent bytes of one connection from which droppable pushes are dropped
 * @param hardBudgetBytes unsent bytes of one connection at which it is closed as a slow reader
 * @param maxPendingRequests unanswered requests of one connection, beyond which its socket is not
 *     read
 * @param maxRequestsPerSecond of one connection, averaged over a second; more are answered with
 *     RATE_LIMITED
 * @param allowedOrigins Origin values that may upgrade; empty lets any in
 * @param compression whether permessage-deflate is accepted when offered
 */
public record GatewayConfig(
    int maxConnections,
    int maxConnectionsPerAddress,
    int maxFrameBytes,
    Duration expiry,
    Duration heartbeat,
    int softBudgetBytes,
    int hardBudgetBytes,
    int maxPendingRequests,
    int maxRequestsPerSecond,
    List<String> allowedOrigins,
    boolean compression) {
  // RFC 6454 §6.2: scheme, host and port, without a path.
  private static final Pattern ORIGIN = Pattern.compile("[a-z][a-z0-9+.-]*://[^/\\s]+");

  public GatewayConfig {
    allowedOrigins = List.copyOf(allowedOrigins);
    Rules.between("gateway.max-connections", maxConnections, 1, 10_000_000);
    Rules.between("gateway.max-connections-per-address", maxConnectionsPerAddress, 1, 10_000_000);
    Rules.between("gateway.max-frame-bytes", maxFrameBytes, 128, 16 << 20);
    Rules.between("gateway.expiry", expiry, Duration.ofMillis(10), Duration.ofDays(7));
    Rules.between("gateway.heartbeat", heartbeat, Duration.ofMillis(1), Duration.ofDays(1));
    Rules.require(
        heartbeat.compareTo(expiry) < 0,
        "gateway.heartbeat",
        Durations.written(heartbeat),
        "less than gateway.expiry, which is " + Durations.written(expiry));
    Rules.between("gateway.hard-budget-bytes", hardBudgetBytes, 1, 1 << 30);
    Rules.between("gateway.soft-budget-bytes", softBudgetBytes, 1, 1 << 30);
    Rules.require(
        softBudgetBytes <= hardBudgetBytes,
        "gateway.soft-budget-bytes",
        softBudgetBytes,
        "at most gateway.hard-budget-bytes, which is " + hardBudgetBytes);
    Rules.between("gateway.max-pending-requests", maxPendingRequests, 1, 1 << 16);
    Rules.between("gateway.max-requests-per-second", maxRequestsPerSecond, 1, 1_000_000);
    for (String origin : allowedOrigins) {
      Rules.require(
          ORIGIN.matcher(origin).matches(),
          "gateway.allowed-origins",
          origin,
          "origins such as https://chat.example.org, or nothing to let any in");
    }
  }

  static GatewayConfig from(Reading reading) {
    return new GatewayConfig(
        reading.number("gateway.max-connections"),
        reading.number("gateway.max-connections-per-address"),
        reading.number("gateway.max-frame-bytes"),
        reading.duration("gateway.expiry"),
        reading.duration("gateway.heartbeat"),
        reading.number("gateway.soft-budget-bytes"),
        reading.number("gateway.hard-budget-bytes"),
        reading.number("gateway.max-pending-requests"),
        reading.number("gateway.max-requests-per-second"),
        reading.list("gateway.allowed-origins"),
        reading.flag("gateway.compression"));
  }
}
