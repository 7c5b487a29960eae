package im.parley.cluster;

import io.vertx.core.Future;

/** The cluster as a node among others has it. */
final class HazelcastCluster implements Cluster {
  private final Membership membership;
  private final HazelcastDirectory directory;
  private final EventBusPeers bus;

  HazelcastCluster(Membership membership, HazelcastDirectory directory, EventBusPeers bus) {
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
  public Future<Void> open() {
    return bus.start();
  }

  @Override
  public Future<Void> leave() {
    return directory.leave().eventually(bus::stop);
  }
}
