package im.parley.store.redis;

import im.parley.config.RedisConfig;
import im.parley.config.RedisDurability;
import im.parley.config.RedisDurability.Level;
import im.parley.store.StoreUnusable;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every connection must pass before it carries requests: the server is a primary of a known
 * version, keeps what it is given as {@code store.redis-durability} says, and has the functions.
 * Checked on each connection, since another server may answer after a failover. Store loop only.
 */
final class Handshake {
  private static final Logger log = LoggerFactory.getLogger(Handshake.class);
  private static final int OLDEST = 7;
  private static final Set<String> KEEPING = Set.of("noeviction");

  private final RedisDurability durability;
  private boolean warnedOfConfig;
  private boolean warnedOfReplicas;

  Handshake(RedisConfig config) {
    this.durability = config.durability();
  }

  /**
   * A connection that may be used.
   *
   * @param reign the replication id of the server, which it draws when it starts and when it
   *     becomes the primary
   * @param cluster whether the server is one of a Redis Cluster
   */
  record Opened(RedisConnection connection, String reign, boolean cluster) {}

  /** Fails with {@link StoreUnusable} when the server is not as it must be. */
  Future<Opened> check(RedisConnection connection) {
    return connection
        .send(Request.cmd(Command.INFO))
        .map(Handshake::fields)
        .compose(
            info -> {
              requirePrimary(info);
              return connection
                  .send(
                      Request.cmd(Command.CONFIG)
                          .arg("GET")
                          .arg("appendonly")
                          .arg("appendfsync")
                          .arg("maxmemory")
                          .arg("maxmemory-policy"))
                  .transform(
                      answer -> {
                        if (answer.succeeded()) {
                          requireDurable(pairs(answer.result()));
                        } else {
                          warnOfConfig(answer.cause());
                        }
                        return Library.install(connection);
                      })
                  .map(
                      installed ->
                          new Opened(
                              connection,
                              info.get("master_replid"),
                              "1".equals(info.get("cluster_enabled"))));
            });
  }

  /** The fields of an answer to INFO. */
  static Map<String, String> fields(Response info) {
    Map<String, String> fields = new HashMap<>();
    info.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.indexOf(':') > 0)
        .forEach(
            line ->
                fields.put(
                    line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 1)));
    return fields;
  }

  private void requirePrimary(Map<String, String> info) {
    String version = info.getOrDefault("redis_version", "0");
    if (Integer.parseInt(version.substring(0, version.indexOf('.'))) < OLDEST) {
      throw unusable("is version %s, expected %d or newer".formatted(version, OLDEST));
    }
    if (!"master".equals(info.get("role"))) {
      throw unusable("is a replica, expected the primary");
    }
    if (!"0".equals(info.getOrDefault("loading", "0"))) {
      throw unusable("is still loading its data");
    }
    int replicas = Integer.parseInt(info.getOrDefault("connected_slaves", "0"));
    if (replicas < durability.replicas() && !warnedOfReplicas) {
      warnedOfReplicas = true;
      log.warn(
          "redis has too few replicas; sends are refused until it has them [has: {}, needs: {}]",
          replicas,
          durability.replicas());
    }
  }

  private void requireDurable(Map<String, String> config) {
    Level level = durability.level();
    String fsync = config.get("appendfsync");
    boolean appendOnly = "yes".equals(config.get("appendonly"));
    boolean kept =
        switch (level) {
          case MEMORY, REPLICATED -> true;
          case EVERYSEC -> appendOnly && !"no".equals(fsync);
          case ALWAYS -> appendOnly && "always".equals(fsync);
        };
    if (!kept) {
      throw unusable(
          "has appendonly %s and appendfsync %s, expected yes and %s: configure redis so, or choose another store.redis-durability"
              .formatted(
                  config.get("appendonly"), fsync, level == Level.ALWAYS ? "always" : "everysec"));
    }
    if (!"0".equals(config.get("maxmemory"))
        && !KEEPING.contains(config.getOrDefault("maxmemory-policy", "noeviction"))) {
      throw unusable(
          "evicts keys (maxmemory-policy %s), expected noeviction"
              .formatted(config.get("maxmemory-policy")));
    }
  }

  private void warnOfConfig(Throwable failure) {
    if (!warnedOfConfig) {
      warnedOfConfig = true;
      log.warn(
          "redis does not tell its configuration; that it is as durable as store.redis-durability says is not checked [{}]",
          failure.getMessage());
    }
  }

  private static Map<String, String> pairs(Response answer) {
    Map<String, String> pairs = new HashMap<>();
    for (int i = 0; i + 1 < answer.size(); i += 2) {
      pairs.put(answer.get(i).toString(), answer.get(i + 1).toString());
    }
    return pairs;
  }

  private static StoreUnusable unusable(String what) {
    return new StoreUnusable(what, null);
  }
}
