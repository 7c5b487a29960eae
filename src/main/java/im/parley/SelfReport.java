package im.parley;

import im.parley.cluster.Membership;
import im.parley.cluster.NodeInfo;
import im.parley.config.ClusterConfig;
import im.parley.config.Config;
import im.parley.config.ServerConfig;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** What this node tells the others about itself, every two seconds. */
final class SelfReport {
  private static final long EVERY_MILLIS = 2_000;
  private static final List<String> EVERYWHERE = List.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");

  private final NodeInfo self;
  private final String url;
  private final String http;
  private final int capacity;
  private final IntSupplier connections;
  private final BooleanSupplier draining;

  SelfReport(
      NodeInfo self,
      Config config,
      int wsPort,
      int httpPort,
      IntSupplier connections,
      BooleanSupplier draining) {
    ClusterConfig cluster = config.cluster();
    String tls = config.server().tlsCertificate().isEmpty() ? "" : "s";
    String host = host(config.server(), cluster);
    this.self = self;
    this.url = given(cluster.advertise(), "ws%s://%s:%d/acc".formatted(tls, host, wsPort));
    this.http = given(cluster.advertiseHttp(), "http%s://%s:%d".formatted(tls, host, httpPort));
    this.capacity = config.gateway().maxConnections();
    this.connections = connections;
    this.draining = draining;
  }

  /** Parley's version. */
  static String version() {
    Properties parley = new Properties();
    try (InputStream in = SelfReport.class.getResourceAsStream("/parley-version.properties")) {
      parley.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return parley.getProperty("version");
  }

  /** Tells it now and from now on, until the event loops end. */
  void begin(Vertx vertx, Membership membership) {
    membership.publish(now());
    vertx.setPeriodic(EVERY_MILLIS, timer -> membership.publish(now()));
  }

  private NodeInfo now() {
    return new NodeInfo(
        self.id(),
        self.name(),
        self.version(),
        url,
        http,
        connections.getAsInt(),
        capacity,
        draining.getAsBoolean());
  }

  private static String given(String set, String derived) {
    return set.isEmpty() ? derived : set;
  }

  private static String host(ServerConfig server, ClusterConfig cluster) {
    String host =
        !EVERYWHERE.contains(server.bind())
            ? server.bind()
            : given(cluster.publicHost(), cluster.bind());
    // RFC 3986 §3.2.2: an IPv6 address in a URL stands in brackets.
    return host.indexOf(':') < 0 ? host : "[" + host + "]";
  }
}
