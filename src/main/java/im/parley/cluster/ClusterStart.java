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
      try {
        return new ClusterStart(vertx, cluster(config, vertx, member, facts, self, meters));
      } catch (RuntimeException e) {
        vertx.close();
        throw e;
      }
    } catch (RuntimeException e) {
      member.shutdown();
      throw e;
    }
  }

  /** Leaves the cluster and ends the event loops, of a node that has nothing else yet. */
  public Future<Void> close() {
    return cluster.leave().eventually(vertx::close);
  }

  private static Cluster cluster(
      ClusterConfig config,
      Vertx vertx,
      HazelcastInstance member,
      MemberFacts facts,
      NodeInfo self,
      MeterRegistry meters) {
    Membership membership = new HazelcastMembership(member, facts, self);
    HazelcastDirectory directory =
        HazelcastDirectory.open(member, membership, DirectoryOptions.standard(config.audit()));
    new NodeGauges(meters).directory(directory.readings());
    PeerLimits limits = PeerLimits.of(config.peerQueueBytes());
    EventBusPeers bus = new EventBusPeers(vertx, membership, limits, new PeerMeters(meters));
    return new HazelcastCluster(member, membership, directory, bus);
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
