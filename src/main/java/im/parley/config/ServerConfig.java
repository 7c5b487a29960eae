package im.parley.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
 * @param transport by which the loops wait for sockets; what suits the machine by default
 * @param trustedProxies whose {@code X-Forwarded-For} and {@code X-Forwarded-Proto} are believed
 * @param drain how it stops
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
    Transport transport,
    List<AddressBlock> trustedProxies,
    DrainConfig drain) {

  /** How event loops wait for sockets. */
  public enum Transport {
    /** epoll where there is one, else nio. */
    AUTO,
    EPOLL,
    IO_URING,
    NIO
  }

  public ServerConfig {
    wsPorts = List.copyOf(wsPorts);
    trustedProxies = List.copyOf(trustedProxies);
    Rules.require(!bind.isEmpty(), "bind", bind, "an address such as 127.0.0.1 or 0.0.0.0");
    Rules.require(!wsPorts.isEmpty(), "ws-port", "", "at least one port");
    wsPorts.forEach(port -> Rules.port("ws-port", port));
    Rules.port("http-port", httpPort);
    Rules.port("grpc-port", grpcPort);
    Rules.port("admin-port", adminPort);
    requireDistinct(wsPorts, httpPort, grpcPort, adminPort);
    Rules.require(
        tlsKey.isEmpty() || !tlsCertificate.isEmpty(),
        "tls.certificate",
        "",
        "a PEM file, because tls.key is set");
    Rules.require(
        tlsCertificate.isEmpty() || !tlsKey.isEmpty(),
        "tls.key",
        "",
        "a PEM file, because tls.certificate is set");
    if (!tlsKey.isEmpty()) {
      Rules.readable("tls.certificate", tlsCertificate);
      Rules.readable("tls.key", tlsKey);
    }
    Rules.between("server.event-loops", eventLoops, 0, 1024);
  }

  private static void requireDistinct(
      List<Integer> wsPorts, int httpPort, int grpcPort, int adminPort) {
    Map<Integer, String> taken = new HashMap<>();
    wsPorts.forEach(port -> claim(taken, port, "ws-port"));
    claim(taken, httpPort, "http-port");
    claim(taken, grpcPort, "grpc-port");
    claim(taken, adminPort, "admin-port");
  }

  private static void claim(Map<Integer, String> taken, int port, String key) {
    String owner = port == 0 ? null : taken.put(port, key);
    Rules.require(owner == null, key, port, "a port of its own, but " + owner + " has it too");
  }

  /** Whether its public ports speak TLS. */
  public boolean hasTls() {
    return !tlsCertificate.isEmpty();
  }

  static ServerConfig from(Reading reading) {
    return new ServerConfig(
        reading.text("bind"),
        reading.ports("ws-port"),
        reading.number("http-port"),
        reading.number("grpc-port"),
        reading.number("admin-port"),
        reading.text("tls.certificate"),
        reading.text("tls.key"),
        reading.number("server.event-loops"),
        reading.choice("server.transport", Transport.class),
        reading.addressBlocks("server.trusted-proxies"),
        DrainConfig.from(reading));
  }
}
