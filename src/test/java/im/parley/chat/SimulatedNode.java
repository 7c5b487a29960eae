package im.parley.chat;

import im.parley.cluster.Cluster;
import im.parley.cluster.Directory;
import im.parley.cluster.Membership;
import im.parley.cluster.NodeInfo;
import im.parley.cluster.PeerBus;
import im.parley.config.Config;
import im.parley.metrics.Metrics;
import im.parley.session.Gateway;
import im.parley.session.LocalTopics;
import im.parley.session.Router;
import im.parley.session.Session;
import im.parley.store.Store;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A node of an {@link Interleaving}, with two gateways, and its side of the cluster. */
final class SimulatedNode implements Cluster, Membership, Directory, PeerBus {
  final Chat chat;
  private final Interleaving world;
  private final NodeInfo info;
  private final List<EmbeddedChannel> loops = List.of(new EmbeddedChannel(), new EmbeddedChannel());
  private final List<Gateway> gateways = new ArrayList<>();
  private final List<Watcher> watchers = new ArrayList<>();
  private final Map<String, Deque<Promise<Void>>> pending = new HashMap<>();
  private Receiver receiver;

  SimulatedNode(Interleaving world, long number, Clock clock, Config config) {
    this.world = world;
    this.info = NodeInfo.starting(number, "test");
    LocalTopics topics = new LocalTopics(this);
    for (int i = 0; i < loops.size(); i++) {
      gateways.add(new Gateway(i, loops.get(i).eventLoop(), topics));
    }
    Store store = world.store();
    Router router = new Router(this, topics, gateways, store.messages());
    Metrics metrics = new Metrics(new SimpleMeterRegistry());
    this.chat = new Chat(config, store, router, null, metrics, clock, info);
  }

  /** Begins to log in on one of the gateways; the future completes in that gateway's turn. */
  Future<Session> login(int gateway, LoginRequest request, TestDevice device) {
    Promise<Session> done = Promise.promise();
    loops
        .get(gateway)
        .eventLoop()
        .execute(
            () -> chat.logins().login(gateways.get(gateway), device, request).onComplete(done));
    return done.future();
  }

  /** The turns that its event loops may take now. */
  List<Runnable> turns() {
    return loops.stream()
        .filter(EmbeddedChannel::hasPendingTasks)
        .<Runnable>map(loop -> loop::runPendingTasks)
        .toList();
  }

  void merge() {
    watchers.forEach(Watcher::merged);
  }

  @Override
  public void register(String topic) {
    change(topic, () -> world.routes.computeIfAbsent(topic, any -> new TreeSet<>()).add(self()));
  }

  @Override
  public void unregister(String topic) {
    change(topic, () -> world.routes.getOrDefault(topic, new TreeSet<>()).remove(self()));
  }

  /** Changes of one topic happen one after the other. */
  private void change(String topic, Runnable change) {
    Deque<Promise<Void>> before = pending.computeIfAbsent(topic, any -> new ArrayDeque<>());
    Future<Void> turn = before.isEmpty() ? Future.succeededFuture() : before.getLast().future();
    Promise<Void> done = Promise.promise();
    before.add(done);
    turn.onComplete(
        free ->
            world.later(
                () -> {
                  change.run();
                  before.remove(done);
                  done.complete();
                }));
  }

  private Future<Void> settled(String topic) {
    Deque<Promise<Void>> changes = pending.get(topic);
    return changes == null || changes.isEmpty()
        ? Future.succeededFuture()
        : changes.getLast().future();
  }

  @Override
  public Future<Void> settled(Collection<String> topics) {
    return Future.all(topics.stream().map(this::settled).toList()).mapEmpty();
  }

  @Override
  public Future<long[]> fresh(String topic) {
    return settled(topic)
        .compose(
            done ->
                world.answer(
                    () ->
                        Future.succeededFuture(
                            world.routes.getOrDefault(topic, Set.of()).stream()
                                .filter(node -> world.reach(self(), node))
                                .mapToLong(Long::longValue)
                                .toArray())));
  }

  @Override
  public Future<long[]> nodes(String topic) {
    return fresh(topic);
  }

  @Override
  public long[] known(String topic) {
    return null;
  }

  @Override
  public void forget(String topic) {}

  @Override
  public Future<List<String>> whereOnly(long gone, Collection<String> topics) {
    return Future.succeededFuture(List.of());
  }

  @Override
  public Future<Buffer> ask(long node, Buffer question) {
    return world.answer(
        () ->
            world.reach(self(), node)
                ? world.node(node).receiver.asked(self(), question)
                : Future.failedFuture("it is away"));
  }

  @Override
  public void send(long node, Buffer frame) {
    world.later(
        () -> {
          if (world.reach(self(), node)) {
            world.node(node).receiver.received(self(), frame);
          }
        });
  }

  @Override
  public List<NodeInfo> nodes() {
    return world.nodes.stream()
        .filter(node -> world.reach(self(), node.self()))
        .map(node -> node.info)
        .toList();
  }

  @Override
  public long self() {
    return info.id();
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
  public Future<Boolean> firstTime(String id, Duration life) {
    return Future.succeededFuture(true);
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public void receive(Receiver receiver) {
    this.receiver = receiver;
  }

  @Override
  public void watch(Watcher watcher) {
    watchers.add(watcher);
  }

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
