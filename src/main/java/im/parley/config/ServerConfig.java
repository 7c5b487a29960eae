package im.parley.config;

import java.time.Duration;
import java.util.List;

/**
 * Where a node listens and how it stops.
 *
 * @param bind address of every port; 127.0.0.1 by default
 * @param wsPorts WebSocket ports; 8089 by default, 0 takes a free one
 * @param httpPort pages, prim's routes and {@code /acc}; 8080 by default
 * @param grpcPort internal services; 9001 by default
 * @param adminPort health, metrics and the admin API; 8081 by default
 * @param tlsCertificate PEM file for the WebSocket and HTTP ports, empty for none
 * @param tlsKey PEM file of its key (PKCS#8), empty for none
 * @param eventLoops how many event loops, 0 for one per core
 * @param drainGrace how long a stop waits for clients to leave; too small cuts them off at once, too large delays a roll-out
 */
public record ServerConfig(
    String bind,
    List<Integer> wsPorts,
    int httpPort,
    int grpcPort,
    int adminPort,
    String tlsCertificate,
    String tlsKey,
    int eventLoops,
    Duration drainGrace) {}
