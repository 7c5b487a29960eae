package im.parley.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.EvictionPolicy;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MaxSizePolicy;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The cluster as a node among others has it. */
final class HazelcastCluster implements Cluster {
  private static final String RECENT = "parley.recent-ids";
  private static final int MOST_RECENT = 200_000; // on each node
  private static final long PATIENCE_SECONDS = 5;

  private final Membership membership;
  private final HazelcastDirectory directory;
  private final EventBusPeers bus;
  private final IMap<String, Boolean> recent;

  HazelcastCluster(
      HazelcastInstance member,
      Membership membership,
      HazelcastDirectory directory,
      EventBusPeers bus) {
    this.recent = member.getMap(RECENT);
    this.membership = membership;
    this.directory = directory;
    this.bus = bus;
  }

  /** Adds what this class needs and {@code config} does not say itself. */
  static void configure(Config config) {
    MapConfig standard = new MapConfig(RECENT).setBackupCount(1);
    standard
        .getEvictionConfig()
        .setEvictionPolicy(EvictionPolicy.LRU)
        .setMaxSizePolicy(MaxSizePolicy.PER_NODE)
        .setSize(MOST_RECENT);
    config.getMapConfigs().putIfAbsent(RECENT, standard);
  }

  @Override
  public Membership membership() {
    return membership;
  }

  @Override
  public Directory directory() {
    return directory;
  }

  @Override
  public PeerBus bus() {
    return bus;
  }

  @Override
  public Future<Boolean> firstTime(String id, Duration life) {
    return Future.fromCompletionStage(
            recent
                .putAsync(id, true, life.toMillis(), TimeUnit.MILLISECONDS)
                .toCompletableFuture()
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS))
        .map(Objects::isNull)
        .recover(
            failure ->
                Future.failedFuture(
                    new Refusal(ErrorCode.BUSY, "the cluster does not answer: " + failure)));
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public Future<Void> open() {
    return bus.start();
  }

  @Override
  public Future<Void> leave() {
    return directory.leave().eventually(bus::stop);
  }
}
