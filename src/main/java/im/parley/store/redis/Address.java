package im.parley.store.redis;

import im.parley.config.RedisConfig;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.ProtocolVersion;
import io.vertx.redis.client.RedisOptions;
import java.net.URI;

/**
 * Where a Redis server is and how to log in. Its text has no password.
 *
 * @param login {@code user:password@}, or empty
 * @param database {@code /n}, or empty
 */
record Address(String scheme, String login, String host, int port, String database) {
  private static final int STANDARD_PORT = 6379;

  /** Reads one address of the setting {@code store}, which has been checked. */
  static Address of(String url) {
    URI uri = URI.create(url);
    String login = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo() + '@';
    int port = uri.getPort() < 0 ? STANDARD_PORT : uri.getPort();
    return new Address(uri.getScheme(), login, uri.getHost(), port, uri.getPath());
  }

  /** Another server of the same cluster, with the same login. */
  Address at(String otherHost, int otherPort) {
    return new Address(scheme, login, otherHost, otherPort, database);
  }

  /** For a client with one connection. */
  RedisOptions options(int unanswered, RedisConfig config) {
    NetClientOptions net =
        new NetClientOptions()
            .setTcpNoDelay(true)
            .setTcpKeepAlive(true)
            .setConnectTimeout((int) config.timeout().toMillis());
    if (scheme.equals("rediss")) {
      net.setHostnameVerificationAlgorithm("HTTPS").setSsl(true);
    }
    return new RedisOptions()
        .setNetClientOptions(net)
        .setConnectionString(scheme + "://" + login + host + ':' + port + database)
        .setPreferredProtocolVersion(ProtocolVersion.RESP2)
        .setMaxPoolSize(1)
        .setMaxPoolWaiting(1)
        .setPoolCleanerInterval(-1)
        .setMaxWaitingHandlers(unanswered);
  }

  @Override
  public String toString() {
    return host + ':' + port;
  }
}
