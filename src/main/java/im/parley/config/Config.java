package im.parley.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;

/**
 * The whole configuration of one node, valid by construction.
 *
 * @param server where it listens
 * @param gateway connections and their limits
 * @param auth who may come in
 * @param sessions devices of one user
 * @param chat sizes of what is said
 * @param store where the logs live
 * @param cluster how it finds other nodes
 * @param log what the node writes about itself
 */
public record Config(
    ServerConfig server,
    GatewayConfig gateway,
    AuthConfig auth,
    SessionConfig sessions,
    ChatConfig chat,
    StoreConfig store,
    ClusterConfig cluster,
    LogConfig log) {

  public Config {
    Rules.require(
        auth.mode() != AuthConfig.Mode.OPEN || auth.openAnywhere() || isLoopback(server.bind()),
        "bind",
        server.bind(),
        "a loopback address while auth is open, since anyone could be anyone;"
            + " set auth=jwt, or auth.open-anywhere=true if that is meant");
    Rules.require(
        !cluster.enabled() || store.isRedis(),
        "store",
        store.url(),
        "a Redis that all nodes of the cluster share, since each would have a history of its own;"
            + " set --store redis://host:6379, or leave --cluster out");
  }

  /**
   * The defaults with {@code values} over them.
   *
   * @param values by key, see {@link ConfigKeys}
   * @throws ConfigException if a key is unknown or a value is not what its key takes
   */
  public static Config of(Map<String, String> values) {
    Settings settings = Settings.defaults();
    values.forEach((key, value) -> settings.set(key, value, "code"));
    return settings.config();
  }

  static Config from(Reading reading) {
    return new Config(
        ServerConfig.from(reading),
        GatewayConfig.from(reading),
        AuthConfig.from(reading),
        SessionConfig.from(reading),
        ChatConfig.from(reading),
        StoreConfig.from(reading),
        ClusterConfig.from(reading),
        LogConfig.from(reading));
  }

  private static boolean isLoopback(String bind) {
    try {
      return InetAddress.getByName(bind).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new ConfigException("bind", bind, "an address of this machine");
    }
  }
}
