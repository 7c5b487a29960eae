package im.parley.cluster;

import static im.parley.testing.Waiting.await;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.core.HazelcastInstance;
import im.parley.metrics.PeerMeters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.ConfigUtil;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.security.SecureRandom;
import java.util.List;

/** A member of a cluster on the loopback with a peer bus and nothing else. */
final class PeerNode implements AutoCloseable {
  private final HazelcastInstance hazelcast;
  private final Vertx vertx;
  final AttributeMembers members;
  final EventBusPeers bus;
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final PeerMeters meters = new PeerMeters(registry);
  final Ledger ledger = new Ledger();

  private PeerNode(
      HazelcastInstance hazelcast, Vertx vertx, PeerLimits limits, PeerBus.Receiver receiver) {
    this.hazelcast = hazelcast;
    this.vertx = vertx;
    members = new AttributeMembers(hazelcast);
    bus = new EventBusPeers(vertx, members, limits, meters);
    bus.receive(receiver == null ? ledger : receiver);
  }

  /** A node that joins the member at {@code seed}, or begins a cluster if that is 0. */
  static PeerNode start(PeerLimits limits, int seed) {
    return start(limits, seed, null, 10);
  }

  /**
   * The same with a receiver that is not its ledger, and so many seconds until a silent one is
   * dead.
   */
  static PeerNode start(PeerLimits limits, int seed, PeerBus.Receiver receiver, int silence) {
    Config config = ConfigUtil.loadConfig();
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.logging.type", "slf4j");
    config.setProperty("hazelcast.socket.bind.any", "false");
    config.setProperty("hazelcast.shutdownhook.enabled", "false");
    config.setProperty("hazelcast.heartbeat.interval.seconds", "1");
    config.setProperty("hazelcast.max.no.heartbeat.seconds", "" + silence);
    config.setProperty("hazelcast.wait.seconds.before.join", "0");
    config.getMemberAttributeConfig().setAttribute(AttributeMembers.NUMBER, drawn());
    config.getNetworkConfig().setPort(0).getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    JoinConfig join = config.getNetworkConfig().getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    join.getTcpIpConfig()
        .setEnabled(true)
        .setMembers(seed == 0 ? List.of() : List.of("127.0.0.1:" + seed));
    HazelcastClusterManager manager = new HazelcastClusterManager(config);
    return start(limits, manager, receiver);
  }

  private static PeerNode start(
      PeerLimits limits, HazelcastClusterManager manager, PeerBus.Receiver receiver) {
    EventBusOptions bus =
        new EventBusOptions()
            .setHost("127.0.0.1")
            .setClusterPingInterval(2_000)
            .setClusterPingReplyInterval(3_000);
    Vertx vertx =
        await(
            Vertx.builder()
                .with(new VertxOptions().setEventBusOptions(bus).setEventLoopPoolSize(2))
                .withClusterManager(manager)
                .buildClustered());
    PeerNode node = new PeerNode(manager.getHazelcastInstance(), vertx, limits, receiver);
    await(node.bus.start());
    return node;
  }

  private static String drawn() {
    return Long.toString(new SecureRandom().nextLong());
  }

  /** Where others join. */
  int port() {
    return hazelcast.getCluster().getLocalMember().getAddress().getPort();
  }

  /** The number that others know it by. */
  long number() {
    return members.self();
  }

  /** Loses what the cluster knows of who listens to {@code address}, as a merge may. */
  void forgetRegistration(String address) {
    hazelcast.getMultiMap("__vertx.subs").remove(address);
  }

  /** Its event bus. */
  Vertx vertx() {
    return vertx;
  }

  /** Asks it for its {@link Ledger}'s figures through {@code asker}. */
  static Ledger.Figures figures(PeerNode asker, long node) {
    return Ledger.Figures.read(await(asker.bus.ask(node, Buffer.buffer("figures"))));
  }

  @Override
  public void close() {
    await(bus.stop().eventually(vertx::close).otherwise(ignored -> null));
  }
}
