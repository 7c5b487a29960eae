package im.parley.cluster;

import com.hazelcast.core.HazelcastInstance;
import im.parley.config.ClusterConfig;
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
   * @throws ClusterUnusable if it cannot be joined; nothing is left then
   */
  public static ClusterStart begin(
      ClusterConfig config, NodeInfo self, VertxOptions options, Transport transport) {
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
      return new ClusterStart(vertx, cluster(vertx, member, facts, self));
    } catch (RuntimeException e) {
      member.shutdown();
      throw e;
    }
  }

  private static Cluster cluster(
      Vertx vertx, HazelcastInstance member, MemberFacts facts, NodeInfo self) {
    Membership membership = new HazelcastMembership(member, facts, self);
    StandaloneCluster alone = new StandaloneCluster(self);
    Directory directory = alone;
    PeerBus bus = alone;
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
