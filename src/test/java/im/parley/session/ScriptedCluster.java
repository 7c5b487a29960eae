package im.parley.session;

import im.parley.cluster.Cluster;
import im.parley.cluster.Directory;
import im.parley.cluster.Membership;
import im.parley.cluster.NodeInfo;
import im.parley.cluster.PeerBus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A cluster whose directory says what a test tells it to, and whose bus notes what it is given. */
final class ScriptedCluster implements Cluster, Membership, Directory, PeerBus {
  final Map<Long, Buffer> sent = new TreeMap<>(); // the last frame for each node
  final List<String> forgotten = new ArrayList<>();
  Future<long[]> silent; // what the directory answers to everything, null when it works
  private final Map<String, long[]> routes = new HashMap<>();
  private final long self;
  private final long[] members;

  ScriptedCluster(long self, long... members) {
    this.self = self;
    this.members = members;
  }

  ScriptedCluster knows(String topic, long... nodes) {
    routes.put(topic, nodes);
    return this;
  }

  @Override
  public long[] known(String topic) {
    return silent == null ? routes.getOrDefault(topic, NOBODY) : null;
  }

  @Override
  public Future<long[]> nodes(String topic) {
    return silent == null ? Future.succeededFuture(known(topic)) : silent;
  }

  @Override
  public Future<long[]> fresh(String topic) {
    return nodes(topic);
  }

  @Override
  public void send(long node, Buffer frame) {
    if (sent.put(node, frame) != null) {
      throw new AssertionError("a second frame for node " + node);
    }
  }

  @Override
  public Future<Buffer> ask(long node, Buffer question) {
    return Future.failedFuture("nobody is asked here");
  }

  @Override
  public List<NodeInfo> nodes() {
    return Arrays.stream(members).mapToObj(node -> NodeInfo.starting(node, "test")).toList();
  }

  @Override
  public long self() {
    return self;
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

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public void register(String topic) {}

  @Override
  public void unregister(String topic) {}

  @Override
  public Future<Void> settled(Collection<String> topics) {
    return Future.succeededFuture();
  }

  @Override
  public void forget(String topic) {
    forgotten.add(topic);
  }

  @Override
  public Future<List<String>> whereOnly(long gone, Collection<String> topics) {
    return Future.succeededFuture(List.of());
  }

  @Override
  public Future<Boolean> firstTime(String id, Duration life) {
    return Future.succeededFuture(true);
  }

  @Override
  public void receive(Receiver receiver) {}

  @Override
  public void watch(Watcher watcher) {}

  @Override
  public void publish(NodeInfo self) {}

  @Override
  public void follow(Local local) {}

  @Override
  public Future<Void> open() {
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> leave() {
    return Future.succeededFuture();
  }
}
