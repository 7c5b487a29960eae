package im.parley.config;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How this node finds others, and they it.
 *
 * @param enabled whether it looks for others at all
 * @param name nodes of another name are never joined; {@code parley} by default
 * @param bind address of the two ports between nodes, 127.0.0.1 by default
 * @param port for membership and directory; 5701 by default, 0 takes a free one
 * @param members where others may be found; empty leaves that to the cluster file
 * @param publicHost under which others reach this node, where that is not {@code bind}; else empty
 * @param busPort for messages between nodes; 0 (the default) takes a free one
 * @param failureTimeout a node silent for so long is gone
 * @param peerQueueBytes of memory that may wait for one other node; 8 MiB by default
 * @param audit how long a round of the directory's audit takes; 30 s by default
 * @param file Hazelcast's configuration; empty for cluster.xml beside the jar, or the one in it
 * @param advertise URL that clients are told for this node's WebSocket; empty to derive it
 * @param advertiseHttp URL that clients are told for its HTTP; empty to derive it
 * @param tls of the event bus
 */
public record ClusterConfig(
    boolean enabled,
    String name,
    String bind,
    int port,
    List<MemberAddress> members,
    String publicHost,
    int busPort,
    Duration failureTimeout,
    long peerQueueBytes,
    Duration audit,
    String file,
    String advertise,
    String advertiseHttp,
    ClusterTls tls) {
  private static final int STANDARD_PORT = 5701;
  private static final long LEAST_QUEUE = 2 << 20; // the longest frame fits twice
  private static final long MOST_QUEUE = 1 << 30;
  private static final Pattern WEBSOCKET = Pattern.compile("wss?://[^\\s/,]+(/\\S*)?");
  private static final Pattern HTTP = Pattern.compile("https?://[^\\s/,]+(/\\S*)?");
  private static final Set<String> EVERYWHERE = Set.of("", "0.0.0.0", "::", "0:0:0:0:0:0:0:0");

  public ClusterConfig {
    members = List.copyOf(members);
    Rules.require(
        name.matches("[A-Za-z0-9._-]{1,64}"),
        "cluster-name",
        name,
        "1 to 64 letters, digits, dots, dashes and underscores");
    Rules.require(
        !EVERYWHERE.contains(bind),
        "cluster.bind",
        bind,
        "one address of this machine, because the other nodes are told it");
    Rules.port("cluster-port", port);
    Rules.port("cluster.bus-port", busPort);
    Rules.require(
        port == 0 || port != busPort,
        "cluster.bus-port",
        busPort,
        "a port of its own, but cluster-port has it too");
    Rules.require(
        publicHost.matches("[A-Za-z0-9._:-]*"), "cluster.public-host", publicHost, "a host");
    Rules.between(
        "cluster.failure-timeout", failureTimeout, Duration.ofSeconds(3), Duration.ofMinutes(5));
    Rules.between("cluster.peer-queue-bytes", peerQueueBytes, LEAST_QUEUE, MOST_QUEUE);
    Rules.between("cluster.audit", audit, Duration.ofSeconds(1), Duration.ofHours(1));
    if (!file.isEmpty()) {
      Rules.readable("cluster.file", file);
    }
    requireUrl("cluster.advertise", advertise, WEBSOCKET, "ws://host:port/acc");
    requireUrl("cluster.advertise-http", advertiseHttp, HTTP, "http://host:port");
  }

  private static void requireUrl(String key, String value, Pattern url, String example) {
    Rules.require(
        value.isEmpty() || url.matcher(value).matches(), key, value, "a URL such as " + example);
  }

  static ClusterConfig from(Reading reading) {
    return new ClusterConfig(
        reading.flag("cluster"),
        reading.text("cluster-name"),
        reading.text("cluster.bind"),
        reading.number("cluster-port"),
        reading.list("cluster-members").stream()
            .map(text -> MemberAddress.parse("cluster-members", text, STANDARD_PORT))
            .toList(),
        reading.text("cluster.public-host"),
        reading.number("cluster.bus-port"),
        reading.duration("cluster.failure-timeout"),
        reading.longNumber("cluster.peer-queue-bytes"),
        reading.duration("cluster.audit"),
        reading.text("cluster.file"),
        reading.text("cluster.advertise"),
        reading.text("cluster.advertise-http"),
        ClusterTls.from(reading));
  }
}
