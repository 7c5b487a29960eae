package im.parley.cluster;

import com.hazelcast.core.HazelcastInstance;
import im.parley.config.ClusterConfig;
import im.parley.metrics.NodeGauges;
import im.parley.metrics.PeerMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.transport.Transport;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a node begins with: its event loops and its cluster, which belong together because closing
 * the loops leaves the cluster.
 *
 * @param vertx the event loops; clustered when there can be other nodes
 * @param cluster the node's
 */
public record ClusterStart(Vertx vertx, Cluster cluster) {
  private static final long BUS_SECONDS = 60;
  private static final Duration AUDIT = Duration.ofSeconds(30);
  private static final long PEER_QUEUE_BYTES = 8 << 20;

  /**
   * Begins. Blocks for seconds when a cluster is looked for.
   *
   * @param meters takes those of the cluster
   * @throws ClusterUnusable if it cannot be joined; nothing is left then
   */
  public static ClusterStart begin(
      ClusterConfig config,
      NodeInfo self,
      VertxOptions options,
      Transport transport,
      MeterRegistry meters) {
    if (!config.enabled()) {
      Vertx vertx = Vertx.builder().with(options).withTransport(transport).build();
      return new ClusterStart(vertx, new StandaloneCluster(self));
    }
    MemberFacts facts =
        new MemberFacts(
            self.id(), self.version(), ClusterProtocol.spoken(), config.tls().enabled());
    HazelcastInstance member = HazelcastMember.start(config, facts);
    try {
      options.setEventBusOptions(BusOptions.of(config));
      VertxBuilder builder = Vertx.builder().with(options).withTransport(transport);
      Vertx vertx =
          await(
              config,
              builder.withClusterManager(new LeavingClusterManager(member)).buildClustered());
      return new ClusterStart(vertx, cluster(vertx, member, facts, self, meters));
    } catch (RuntimeException e) {
      member.getLifecycleService().terminate();
      throw e;
    }
  }

  private static Cluster cluster(
      Vertx vertx,
      HazelcastInstance member,
      MemberFacts facts,
      NodeInfo self,
      MeterRegistry meters) {
    Membership membership = new HazelcastMembership(member, facts, self);
    HazelcastDirectory directory =
        HazelcastDirectory.open(member, membership, DirectoryOptions.standard(AUDIT));
    new NodeGauges(meters).directory(directory.readings());
    EventBusPeers bus =
        new EventBusPeers(
            vertx, membership, PeerLimits.of(PEER_QUEUE_BYTES), new PeerMeters(meters));
    return new HazelcastCluster(membership, directory, bus);
  }

  private static Vertx await(ClusterConfig config, Future<Vertx> clustered) {
    try {
      return clustered.toCompletionStage().toCompletableFuture().get(BUS_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new ClusterUnusable(
          "cluster.bus-port %d on %s cannot be listened on: %s"
              .formatted(config.busPort(), config.bind(), e.getCause().getMessage()),
          e.getCause());
    } catch (TimeoutException | InterruptedException e) {
      throw new ClusterUnusable(
          "the event bus of the cluster did not start within " + BUS_SECONDS + " s", e);
    }
  }
}
