package im.parley.config;

import java.time.Duration;
import java.util.List;

/**
 * Connections and their limits.
 *
 * @param maxConnections of the node; beyond it an upgrade gets 503 with Retry-After
 * @param maxConnectionsPerAddress of one remote address; behind a proxy all clients share one
 * @param maxFrameBytes of one message from a client, all its fragments together; larger closes 1009
 * @param expiry a connection without login or heartbeat for so long is closed; prim's is 360 s
 * @param heartbeat what native clients are told to keep to
 * @param softBudgetBytes unsent bytes of one connection from which droppable pushes are dropped
 * @param hardBudgetBytes unsent bytes of one connection at which it is closed as a slow reader
 * @param maxPendingRequests unanswered requests of one connection, beyond which its socket is not read
 * @param maxRequestsPerSecond of one connection, averaged over a second; more are answered with RATE_LIMITED
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
    boolean compression) {}
