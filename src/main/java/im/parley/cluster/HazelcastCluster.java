package im.parley.cluster;

import io.vertx.core.Future;

/** The cluster as a node among others has it. */
final class HazelcastCluster implements Cluster {
  private final Membership membership;
  private final Directory directory;
  private final PeerBus bus;

  HazelcastCluster(Membership membership, Directory directory, PeerBus bus) {
    this.membership = membership;
    this.directory = directory;
    this.bus = bus;
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
  public boolean isShared() {
    return true;
  }

  @Override
  public Future<Void> leave() {
    return Future.succeededFuture();
  }
}
