package im.parley.cluster;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** The cluster of a node alone: there is nobody else, and nothing is asked. */
public final class StandaloneCluster implements Cluster, Membership, Directory, PeerBus {
  private static final Future<long[]> ALONE = Future.succeededFuture(NOBODY);

  private volatile NodeInfo self;

  /** {@code self} is this node as it starts. */
  public StandaloneCluster(NodeInfo self) {
    this.self = self;
  }

  @Override
  public Membership membership() {
    return this;
  }

  @Override
  public Directory directory() {
    return this;
  }

  @Override
  public PeerBus bus() {
    return this;
  }

  /** The one node notes ids itself, before it asks. */
  @Override
  public Future<Boolean> firstTime(String id, Duration life) {
    return Future.succeededFuture(true);
  }

  @Override
  public boolean isShared() {
    return false;
  }

  @Override
  public long self() {
    return self.id();
  }

  @Override
  public List<NodeInfo> nodes() {
    return List.of(self);
  }

  @Override
  public void publish(NodeInfo self) {
    this.self = self;
  }

  @Override
  public void watch(Watcher watcher) {}

  @Override
  public void follow(Local local) {}

  @Override
  public void register(String topic) {}

  @Override
  public void unregister(String topic) {}

  @Override
  public Future<Void> settled(Collection<String> topics) {
    return Future.succeededFuture();
  }

  @Override
  public long[] known(String topic) {
    return NOBODY;
  }

  @Override
  public Future<long[]> nodes(String topic) {
    return ALONE;
  }

  @Override
  public Future<long[]> fresh(String topic) {
    return ALONE;
  }

  @Override
  public void forget(String topic) {}

  @Override
  public Future<List<String>> whereOnly(long gone, Collection<String> topics) {
    return Future.succeededFuture(List.of());
  }

  @Override
  public void send(long node, Buffer frame) {}

  @Override
  public Future<Buffer> ask(long node, Buffer question) {
    return Future.failedFuture("a node alone has nobody to ask");
  }

  @Override
  public void receive(Receiver receiver) {}

  @Override
  public Future<Void> open() {
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> leave() {
    return Future.succeededFuture();
  }
}
