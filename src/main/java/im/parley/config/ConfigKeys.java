package im.parley.config;

import static im.parley.config.ConfigKey.Kind.CHOICE;
import static im.parley.config.ConfigKey.Kind.DURATION;
import static im.parley.config.ConfigKey.Kind.FLAG;
import static im.parley.config.ConfigKey.Kind.LIST;
import static im.parley.config.ConfigKey.Kind.NUMBER;
import static im.parley.config.ConfigKey.Kind.PATH;
import static im.parley.config.ConfigKey.Kind.PORT;
import static im.parley.config.ConfigKey.Kind.PORTS;
import static im.parley.config.ConfigKey.Kind.TEXT;
import static java.util.stream.Collectors.toUnmodifiableMap;

import im.parley.config.ConfigKey.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The one table of settings: loading, {@code parley config}, the commented reference file and the
 * README follow it.
 */
public final class ConfigKeys {
  /** The key that names the file; it cannot stand in the file itself. */
  static final String FILE = "config";

  private static final List<ConfigKey> ALL =
      List.of(
          key("config", "", PATH, "settings file, in Java properties syntax and UTF-8", ""),
          key(
              "bind",
              "127.0.0.1",
              TEXT,
              "address of every port",
              "127.0.0.1 is reached from this machine only, 0.0.0.0 from everywhere"),
          key(
              "ws-port",
              "8089",
              PORTS,
              "WebSocket ports; 0 takes a free one",
              "one port serves tens of thousands of connections per client address"),
          key("http-port", "8080", PORT, "pages, HTTP routes and /acc; 0 takes a free one", ""),
          key("grpc-port", "9001", PORT, "internal services over gRPC; 0 takes a free one", ""),
          key(
              "admin-port",
              "8081",
              PORT,
              "health, metrics and the admin API; 0 takes a free one",
              "not for the public"),
          key(
              "data",
              "data",
              PATH,
              "directory of the embedded store, created if absent",
              "on a disk that loses acknowledged writes, so does the server"),
          key(
              "store",
              "sqlite",
              TEXT,
              "where messages live: sqlite, or redis://[user:password@]host:port[/db] (rediss:// with TLS), "
                  + "comma separated for a Redis Cluster",
              "nodes of one cluster need the same redis"),
          key(
              "auth",
              "open",
              CHOICE,
              "open (anyone may be anyone, for trying out) or jwt (a signed token says who)",
              "open beyond loopback lets anyone read everything"),
          key(
              "cluster",
              "false",
              FLAG,
              "look for other nodes and be one cluster with them",
              "needs store=redis://…, the same for all nodes"),
          key(
              "cluster-name",
              "parley",
              TEXT,
              "name of the cluster; nodes of another name are not joined",
              "nodes that share a Redis need the same"),
          key(
              "cluster-port",
              "5701",
              PORT,
              "membership and directory, between nodes only; 0 takes a free one",
              "no password guards it: whoever reaches it is a node"),
          key(
              "cluster-members",
              "",
              LIST,
              "where other nodes may be found, HOST:PORT (their cluster-port); empty for what cluster.xml says",
              "one that answers is enough, and one's own may be among them"),
          key(
              "server.event-loops",
              "0",
              NUMBER,
              "event loops; 0 for one per core",
              "too few leave cores idle, more than cores only compete"),
          key(
              "server.transport",
              "auto",
              CHOICE,
              "how event loops wait for sockets: auto (epoll where there is one, else nio), epoll, io_uring or nio",
              "one that the machine does not have ends the start"),
          key(
              "tls.certificate",
              "",
              PATH,
              "PEM certificate chain for the WebSocket and HTTP ports; empty for none",
              "without it, tokens and messages cross the network readable"),
          key("tls.key", "", PATH, "PEM private key (PKCS#8) of tls.certificate", ""),
          key(
              "server.trusted-proxies",
              "",
              LIST,
              "addresses or blocks (10.0.0.0/8) of proxies whose X-Forwarded-For names the client",
              "too few lets all clients of a proxy share one address, too many lets clients choose theirs"),
          key(
              "drain.notice",
              "0s",
              DURATION,
              "how long a stop only fails readiness before it sends clients away",
              "shorter than a load balancer's probes take, and new clients are refused meanwhile"),
          key(
              "drain.grace",
              "10s",
              DURATION,
              "over how long a stop spreads the closes",
              "too small cuts them off at once, too large delays a roll-out"),
          key(
              "drain.rate",
              "5000",
              NUMBER,
              "closes a second at most; more connections than drain.rate times drain.grace take longer",
              "too small delays a roll-out, too large lets the other nodes be stormed"),
          key(
              "gateway.max-connections",
              "1000000",
              NUMBER,
              "connections of the node; beyond it an upgrade gets 503",
              "too large for memory (about 2.5 KB each) or file descriptors (one each) ends in failures"),
          key(
              "gateway.max-connections-per-address",
              "65536",
              NUMBER,
              "connections of one remote address; beyond it an upgrade gets 429",
              "behind a proxy that is not in server.trusted-proxies all clients share one address"),
          key(
              "gateway.max-frame-bytes",
              "65536",
              NUMBER,
              "bytes of one message from a client, all fragments together",
              "too small closes honest clients with 1009, too large lets one client take memory"),
          key(
              "gateway.expiry",
              "360s",
              DURATION,
              "a connection silent for so long is closed",
              "too small drops sleeping phones, too large keeps the dead"),
          key(
              "gateway.heartbeat",
              "30s",
              DURATION,
              "heartbeat interval that clients are told",
              "too small costs batteries and CPU, too large lets proxies cut idle connections"),
          key(
              "gateway.soft-budget-bytes",
              "262144",
              NUMBER,
              "unsent bytes of one connection from which typing and presence are dropped",
              "too small drops them on every hiccup"),
          key(
              "gateway.hard-budget-bytes",
              "1048576",
              NUMBER,
              "unsent bytes of one connection at which it is closed as a slow reader",
              "too small cuts off slow networks, too large lets slow readers fill the memory"),
          key(
              "gateway.max-pending-requests",
              "256",
              NUMBER,
              "unanswered requests of one connection, beyond which it is not read",
              "too small slows pipelining clients down"),
          key(
              "gateway.max-requests-per-second",
              "10000",
              NUMBER,
              "requests of one connection, averaged over a second",
              "too small refuses honest clients that catch up, too large lets one flood the store"),
          key(
              "gateway.allowed-origins",
              "",
              LIST,
              "Origin values that may connect; empty lets any in",
              "empty lets any web page connect with what its visitor's browser knows"),
          key(
              "gateway.compression",
              "false",
              FLAG,
              "accept permessage-deflate when offered",
              "costs memory and CPU for every connection that uses it"),
          key(
              "auth.open-anywhere",
              "false",
              FLAG,
              "allow auth=open on an address beyond loopback",
              "true lets anyone who reaches the port be anyone"),
          secret("auth.hmac-secret", TEXT, "HS256 secret of at least 32 bytes"),
          key(
              "auth.public-key",
              "",
              PATH,
              "PEM file with an RSA or P-256 public key (RS256, ES256)",
              ""),
          key("auth.jwks", "", TEXT, "file or http(s) URL of a JSON Web Key Set", ""),
          key("auth.issuer", "", TEXT, "required iss of a token; empty for any", ""),
          key(
              "auth.audience",
              "",
              TEXT,
              "required aud of a token; empty for any",
              "empty accepts a token made for another service"),
          key("auth.user-claim", "sub", TEXT, "claim that names the user", ""),
          key(
              "auth.platforms-claim",
              "platforms",
              TEXT,
              "claim that lists the allowed platforms; absent in a token means all",
              ""),
          secret(
              "auth.service-tokens",
              LIST,
              "tokens that gRPC, the sending HTTP routes and the admin port take; needed with auth=jwt"),
          key(
              "sessions.policy",
              "device",
              CHOICE,
              "older sessions of a user that a login replaces: device, platform or single",
              ""),
          key(
              "sessions.max-per-user",
              "16",
              NUMBER,
              "sessions of one user; the oldest makes room",
              "too small lets devices push each other out"),
          key(
              "sessions.offline-grace",
              "10s",
              DURATION,
              "how long the last session may be gone before watchers hear it",
              "too small makes every flap visible, too large shows the absent as online"),
          key(
              "sessions.max-watched",
              "500",
              NUMBER,
              "users that one session may watch",
              "too large multiplies every login by its watchers"),
          key(
              "chat.max-body-bytes",
              "16384",
              NUMBER,
              "bytes of one message's content as JSON",
              "above gateway.max-frame-bytes it has no effect"),
          key(
              "chat.page-limit",
              "200",
              NUMBER,
              "messages in a page of history, conversations in a list",
              "too large makes single replies heavy"),
          key(
              "chat.sync-limit",
              "1000",
              NUMBER,
              "messages in one sync reply",
              "too small costs round trips, too large makes single replies heavy"),
          key(
              "chat.max-room-members",
              "10000",
              NUMBER,
              "members of one room",
              "every message of a room costs its members in deliveries"),
          key(
              "chat.max-rooms-per-user",
              "500",
              NUMBER,
              "rooms of one user",
              "every login registers them all"),
          key(
              "chat.lobby-announce-limit",
              "500",
              NUMBER,
              "lobby size above which enter and exit are no longer announced; in a cluster this"
                  + " node's part of it times the nodes",
              "N logins announced to N members are N squared pushes"),
          key(
              "store.queue",
              "65536",
              NUMBER,
              "appends that wait for the disk or for Redis; beyond it a send is answered BUSY",
              "too small refuses bursts, too large turns overload into delay"),
          key(
              "store.readers",
              "2",
              NUMBER,
              "threads that read the embedded store",
              "more than cores only compete"),
          key(
              "store.retention-age",
              "0s",
              DURATION,
              "messages older than this are trimmed; 0s keeps all",
              "too small leaves gaps for clients that return late"),
          key(
              "store.retention-count",
              "0",
              NUMBER,
              "messages kept per conversation; 0 keeps all",
              "too small leaves gaps for clients that return late"),
          key(
              "store.redis-durability",
              "always",
              TEXT,
              "what Redis must have done before a message is acknowledged: memory (nothing, a crash loses it), "
                  + "everysec (a crash of the machine loses a second), always (on the disk of the primary), "
                  + "replicated:N (in the memory of N replicas too)",
              "checked against Redis' own configuration, since less than it says loses acknowledged messages"),
          key(
              "store.redis-connections",
              "2",
              NUMBER,
              "connections that write to each Redis server; one more reads",
              "more than cores of the Redis machine only compete"),
          key(
              "store.redis-timeout",
              "2s",
              DURATION,
              "how long nothing may come from Redis while an answer is due; then its connection is given up",
              "too small gives up a Redis that pauses, too large keeps senders waiting for a dead one"),
          key(
              "cluster.bind",
              "127.0.0.1",
              TEXT,
              "address of the ports between nodes, one that the other nodes reach",
              "on a public address whoever reaches it is a node"),
          key(
              "cluster.public-host",
              "",
              TEXT,
              "host under which other nodes reach this one where that is not cluster.bind (NAT, port for port)",
              ""),
          key(
              "cluster.bus-port",
              "0",
              PORT,
              "messages between nodes; 0 takes a free one",
              "name one where a firewall stands between nodes"),
          key(
              "cluster.failure-timeout",
              "10s",
              DURATION,
              "a node silent for so long is gone; one whose process ends is gone at once",
              "too small takes a pause for a death, too large keeps routing to the dead"),
          key(
              "cluster.peer-queue-bytes",
              "8388608",
              NUMBER,
              "bytes of memory that may wait for one other node; beyond it frames are dropped and its sessions sync",
              "too small drops frames at each pause of a node, too large lets a stopped one cost more"),
          key(
              "cluster.audit",
              "30s",
              DURATION,
              "a round of comparing what this node listens to with what the cluster's directory says",
              "too short loads the nodes, too long leaves a lost route unrepaired"),
          key(
              "cluster.file",
              "",
              PATH,
              "Hazelcast's configuration; empty for cluster.xml beside the jar, else the one in the jar",
              "settings named here win over it"),
          key(
              "cluster.advertise",
              "",
              TEXT,
              "URL of this node's WebSocket that clients are told; empty for bind and the first ws-port",
              "behind a proxy the node cannot know it"),
          key(
              "cluster.advertise-http",
              "",
              TEXT,
              "URL of this node's HTTP that clients are told; empty for bind and http-port",
              ""),
          key(
              "cluster.tls-certificate",
              "",
              PATH,
              "PEM certificate chain of this node for TLS on the bus; empty for none",
              "without it messages cross the network between nodes readable"),
          key(
              "cluster.tls-key",
              "",
              PATH,
              "PEM private key (PKCS#8) of cluster.tls-certificate",
              ""),
          key(
              "cluster.tls-ca",
              "",
              PATH,
              "PEM certificates of the authorities that nodes' certificates are checked against",
              "whoever it has certified is a node: use one of the cluster's own"),
          key("log.format", "text", CHOICE, "text (for people) or json (one object a line)", ""),
          key(
              "log.level",
              "info",
              CHOICE,
              "least important level written: trace, debug, info, warn or error",
              "debug and trace slow a busy node down"));

  private static final Map<String, ConfigKey> BY_NAME =
      ALL.stream().collect(toUnmodifiableMap(ConfigKey::name, Function.identity()));
  private static final Map<String, ConfigKey> BY_VARIABLE =
      ALL.stream().collect(toUnmodifiableMap(ConfigKey::variable, Function.identity()));

  private ConfigKeys() {}

  /** Every key, in the order of documents. */
  public static List<ConfigKey> all() {
    return ALL;
  }

  static Optional<ConfigKey> find(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  static Optional<ConfigKey> findVariable(String variable) {
    return Optional.ofNullable(BY_VARIABLE.get(variable));
  }

  private static ConfigKey key(String name, String standard, Kind kind, String doc, String misuse) {
    return new ConfigKey(name, standard, kind, doc, misuse, false);
  }

  private static ConfigKey secret(String name, Kind kind, String doc) {
    return new ConfigKey(name, "", kind, doc, "whoever knows it may be anyone", true);
  }
}
