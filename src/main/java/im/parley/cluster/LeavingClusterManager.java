package im.parley.cluster;

import com.hazelcast.core.HazelcastInstance;
import io.vertx.core.Completable;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;

/** Takes the member out of the cluster when Vert.x, which was given it, has left. */
final class LeavingClusterManager extends HazelcastClusterManager {
  private final HazelcastInstance member;
  private VertxInternal vertx;

  LeavingClusterManager(HazelcastInstance member) {
    super(member);
    this.member = member;
  }

  @Override
  public void init(Vertx vertx) {
    super.init(vertx);
    this.vertx = (VertxInternal) vertx;
  }

  @Override
  public void leave(Completable<Void> done) {
    super.leave(
        (left, failure) ->
            vertx
                .<Void>executeBlocking(
                    () -> {
                      member.shutdown();
                      return null;
                    },
                    false)
                .onComplete(done::complete));
  }
}
