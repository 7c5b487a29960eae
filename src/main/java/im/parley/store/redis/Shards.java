package im.parley.store.redis;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import im.parley.store.Store.StoreHealth;
import im.parley.store.StoreUnusable;
import im.parley.store.redis.Handshake.Opened;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Which server has which key: the one there is, or the primaries of a Redis Cluster by slot. The
 * map of a cluster is read anew every few seconds and whenever a server says that it has changed;
 * meanwhile calls to what has moved are refused, not followed, for following would change their
 * order. Store loop only, but for its health.
 */
final class Shards {
  private static final int SLOTS = 16_384;
  private static final long REFRESH_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Link.Setting setting;
  private final Map<Address, Server> servers = new HashMap<>();
  private final Server[] slots = new Server[SLOTS];
  private boolean cluster;
  private boolean refreshing;
  private long refreshedAt;
  // Read by any thread
  private volatile List<Server> all = List.of();

  Shards(Link.Setting setting) {
    this.setting = setting;
  }

  /** Connects to the first of {@code addresses} that answers, and to its cluster if it has one. */
  Future<Void> open(List<Address> addresses) {
    Address address = addresses.get(0);
    Server seed = new Server(setting, address, probeKey(0, SLOTS - 1));
    all = List.of(seed);
    return seed.start()
        .<Void>compose(opened -> spread(seed, address, addresses.size(), opened))
        .recover(
            failure -> {
              seed.close();
              return addresses.size() == 1 || failure instanceof StoreUnusable
                  ? Future.failedFuture(unusable(address, failure))
                  : open(addresses.subList(1, addresses.size()));
            });
  }

  /** Sends a call that changes something to where {@code key} is. */
  Future<Response> write(String key, Call.Maker command) {
    int slot = Keys.slot(key);
    return slots[slot] == null ? homeless(key) : slots[slot].writer(slot).send(command);
  }

  /** Sends a call that changes nothing to where {@code key} is. */
  Future<Response> read(String key, Call.Maker command) {
    Server server = slots[Keys.slot(key)];
    return server == null ? homeless(key) : server.reader().send(command);
  }

  /** What the reign at the place of {@code key} is taken for, by those who read. */
  String reign(String key) {
    Server server = slots[Keys.slot(key)];
    return server == null ? "" : server.reader().reign();
  }

  /** The links that read, one for each server. */
  List<Link> readers() {
    return all.stream().map(Server::reader).toList();
  }

  void tick(long now) {
    all.forEach(server -> server.tick(now));
    if (cluster && now - refreshedAt > REFRESH_NANOS) {
      refresh();
    }
  }

  /** Reads the map of the cluster anew. */
  void refresh() {
    Link link = readers().stream().filter(Link::isOpen).findFirst().orElse(null);
    if (!cluster || refreshing || link == null) {
      return;
    }
    refreshing = true;
    refreshedAt = System.nanoTime();
    Address asked = servers.keySet().iterator().next();
    link.send(known -> Request.cmd(Command.CLUSTER).arg("SLOTS"))
        .onComplete(
            done -> {
              refreshing = false;
              if (done.succeeded()) {
                map(asked, done.result()).forEach(Server::start);
              }
            });
  }

  void close() {
    all.forEach(Server::close);
  }

  /** How the servers are. Any thread. */
  StoreHealth health() {
    List<StoreHealth> healths = all.stream().map(Server::health).toList();
    return new StoreHealth(
        healths.stream().allMatch(StoreHealth::readable),
        healths.stream().allMatch(StoreHealth::writable),
        healths.stream()
            .map(StoreHealth::detail)
            .filter(text -> !text.isEmpty())
            .findFirst()
            .orElse(""));
  }

  private Future<Void> spread(Server seed, Address address, int named, Opened opened) {
    cluster = opened.cluster();
    servers.put(address, seed);
    if (!cluster) {
      if (named > 1) {
        return Future.failedFuture(
            new StoreUnusable("is no Redis Cluster, expected one address then", null));
      }
      Arrays.fill(slots, seed);
      return Future.succeededFuture();
    }
    return seed.reader()
        .send(known -> Request.cmd(Command.CLUSTER).arg("SLOTS"))
        .compose(answer -> Future.all(map(address, answer).stream().map(Server::start).toList()))
        .compose(
            started ->
                Stream.of(slots).allMatch(Objects::nonNull)
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        new StoreUnusable("is of a cluster that does not cover all slots", null)));
  }

  /** Takes over an answer to CLUSTER SLOTS; the servers that are new in it. */
  private List<Server> map(Address asked, Response answer) {
    Map<Address, Server> before = Map.copyOf(servers);
    Map<Address, Server> now = new HashMap<>();
    Arrays.fill(slots, null);
    for (Response range : answer) {
      int from = range.get(0).toInteger();
      int to = range.get(1).toInteger();
      Response primary = range.get(2);
      String host = primary.get(0) == null ? "" : primary.get(0).toString();
      // An empty host is that of the server asked.
      Address address = asked.at(host.isEmpty() ? asked.host() : host, primary.get(1).toInteger());
      Server server =
          now.computeIfAbsent(
              address,
              place ->
                  Objects.requireNonNullElseGet(
                      before.get(place), () -> new Server(setting, place, probeKey(from, to))));
      Arrays.fill(slots, from, to + 1, server);
    }
    servers.clear();
    servers.putAll(now);
    all = List.copyOf(now.values());
    Set<Server> kept = Set.copyOf(now.values());
    before.values().stream().filter(server -> !kept.contains(server)).forEach(Server::close);
    return now.values().stream().filter(server -> !before.containsValue(server)).toList();
  }

  private static String probeKey(int from, int to) {
    for (int i = 0; ; i++) {
      String key = Keys.probe(i);
      int slot = Keys.slot(key);
      if (slot >= from && slot <= to) {
        return key;
      }
    }
  }

  private static Future<Response> homeless(String key) {
    return Future.failedFuture(
        new Refusal(
            ErrorCode.STORE_UNAVAILABLE,
            "no server of the cluster has slot %d now".formatted(Keys.slot(key))));
  }

  private static StoreUnusable unusable(Address address, Throwable failure) {
    return new StoreUnusable(
        failure instanceof StoreUnusable
            ? "redis at %s %s".formatted(address, failure.getMessage())
            : "redis at %s cannot be reached: %s".formatted(address, failure.getMessage()),
        failure);
  }
}
