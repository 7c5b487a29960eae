package im.parley.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.topic.ITopic;
import im.parley.metrics.DirectoryReadings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The directory of a cluster: a Hazelcast map with one entry for each topic, whose value is the
 * array of its nodes, and one backup. Registrations go there by {@link Registrations}, answers come
 * from {@link RouteCache}, {@link DeadRoutes} removes what dead nodes leave, {@link Restoration}
 * registers anew what went with them, and {@link DirectoryAudit} finds what went wrong
 * nevertheless.
 *
 * <p>Owns three threads: one sends registrations, two do what must wait for the cluster.
 */
public final class HazelcastDirectory implements Directory, Membership.Watcher {
  /** The map's name in Hazelcast's configuration. */
  public static final String MAP = "parley.directory";

  private static final int PAGE = 1_000;
  private static final String READ = "parley.directory.read";

  // By then all who watch the membership have begun to read what a node left, if they want to.
  private static final long LOOK_MS = 200;
  private static final long LOOK_AGAIN_MS = 50;

  private final Membership membership;
  private final IMap<String, long[]> map;
  private final ScheduledExecutorService sender = threads("parley-directory", 1);
  private final ScheduledExecutorService waiters = threads("parley-directory-wait", 2);
  private final Registrations registrations;
  private final RouteCache cache;
  private final DeadRoutes dead;
  private final Restoration restoration;
  private final DirectoryAudit audit;
  private final DirectoryOptions options;
  private final UUID listening;
  private final ITopic<Long> read; // by which member, what which node left
  private final UUID hearing;

  private HazelcastDirectory(
      HazelcastInstance hazelcast, Membership membership, DirectoryOptions options) {
    this.membership = membership;
    this.options = options;
    this.map = hazelcast.getMap(MAP);
    this.cache = new RouteCache(map::getAsync, members(), options);
    this.registrations =
        new Registrations(
            sender, map, membership.self(), options.changes(), topic -> cache.forget(topic));
    this.restoration = new Restoration(hazelcast, map, registrations, this::later);
    this.dead = new DeadRoutes(hazelcast, map, membership, restoration::all);
    this.audit = new DirectoryAudit(hazelcast, map, membership, registrations);
    this.listening = map.addEntryListener(new Changes(cache), false);
    this.read = hazelcast.getTopic(READ);
    this.hearing =
        read.addMessageListener(
            said -> read(said.getMessageObject(), said.getPublishingMember().getUuid()));
  }

  /**
   * The directory of a member whose configuration has gone through {@link #configure}. It watches
   * the membership before anyone who asks it does. Blocks.
   */
  public static HazelcastDirectory open(
      HazelcastInstance hazelcast, Membership membership, DirectoryOptions options) {
    HazelcastDirectory directory = new HazelcastDirectory(hazelcast, membership, options);
    membership.watch(directory);
    directory.learnMembers();
    long third = options.cachedFor().toMillis() / 3;
    directory.waiters.scheduleAtFixedRate(
        directory.cache::grow, third, third, TimeUnit.MILLISECONDS);
    directory.audit.every(options.audit(), directory.waiters);
    return directory;
  }

  /** Adds what the directory needs and {@code config} does not say itself. */
  public static void configure(Config config) {
    config
        .getSerializationConfig()
        .getDataSerializableFactories()
        .putIfAbsent(DirectoryTypes.FACTORY, new DirectoryTypes());
    MapConfig map =
        config.getMapConfigs().computeIfAbsent(MAP, absent -> new MapConfig(MAP).setBackupCount(1));
    if (map.getMergePolicyConfig().getPolicy().equals(MergePolicyConfig.DEFAULT_MERGE_POLICY)) {
      map.setMergePolicyConfig(new MergePolicyConfig(UnionMerge.class.getName(), PAGE));
    }
  }

  @Override
  public void follow(Local local) {
    registrations.follow(local);
    restoration.follow(local);
    audit.follow(local);
  }

  @Override
  public void register(String topic) {
    registrations.want(topic, true);
  }

  @Override
  public void unregister(String topic) {
    registrations.want(topic, false);
  }

  @Override
  public Future<Void> settled(Collection<String> topics) {
    List<Future<long[]>> pending = new ArrayList<>();
    for (String topic : topics) {
      CompletableFuture<long[]> settled = registrations.settled(topic);
      if (settled != null) {
        pending.add(patiently(settled));
      }
    }
    return pending.isEmpty() ? Future.succeededFuture() : Future.all(pending).mapEmpty();
  }

  @Override
  public long[] known(String topic) {
    return cache.known(topic);
  }

  @Override
  public Future<long[]> nodes(String topic) {
    return cache.nodes(topic);
  }

  @Override
  public Future<long[]> fresh(String topic) {
    CompletableFuture<long[]> settled = registrations.settled(topic);
    if (settled == null) {
      return cache.ask(topic);
    }
    return patiently(settled).map(cache::live);
  }

  @Override
  public void forget(String topic) {
    cache.forget(topic);
  }

  private Future<long[]> patiently(CompletableFuture<long[]> settled) {
    return Future.fromCompletionStage(
        settled.orTimeout(options.patience().toMillis(), TimeUnit.MILLISECONDS));
  }

  @Override
  public Future<List<String>> whereOnly(long gone, Collection<String> topics) {
    List<String> asked = List.copyOf(topics);
    dead.beginReading();
    return waiting(() -> only(gone, asked)).onComplete(found -> dead.endReading());
  }

  private List<String> only(long gone, List<String> topics) {
    List<String> only = new ArrayList<>();
    for (int from = 0; from < topics.size(); from += PAGE) {
      List<String> page = topics.subList(from, Math.min(from + PAGE, topics.size()));
      Map<String, long[]> found = map.getAll(new HashSet<>(page));
      for (String topic : page) {
        long[] nodes = found.getOrDefault(topic, NOBODY);
        if (NodeSets.contains(nodes, gone)
            && cache.live(NodeSets.without(nodes, gone)).length == 0) {
          only.add(topic);
        }
      }
    }
    return only;
  }

  @Override
  public void joined(long node) {
    cache.forgetAll(); // it may be one that was out of sight, whose routes were thought gone
    cache.members(NodeSets.with(members(), node));
  }

  @Override
  public void left(long node) {
    cache.members(NodeSets.without(members(), node));
    dead.left(node);
    later(LOOK_MS, () -> tell(node));
    later(options.grace().toMillis(), () -> sweep(node));
  }

  /** Says that this node has read what {@code node} left, once it has. */
  private void tell(long node) {
    if (dead.isRead()) {
      read.publishAsync(node);
    } else {
      later(LOOK_AGAIN_MS, () -> tell(node));
    }
  }

  private void read(long node, UUID member) {
    if (dead.read(node, member)) {
      later(0, () -> sweep(node));
    }
  }

  private void sweep(long node) {
    if (!dead.sweep(node)) {
      later(options.grace().toMillis(), () -> sweep(node));
    }
  }

  private void later(long millis, Runnable task) {
    try {
      waiters.schedule(task, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException stopped) {
      // It has left, and others do it.
    }
  }

  @Override
  public void merged() {
    cache.members(members());
    cache.forgetAll();
    restoration.all();
  }

  /** Takes back all routes of this node and ends its threads; the map lives on. */
  public Future<Void> leave() {
    CompletableFuture<Void> quiet =
        registrations
            .close()
            .completeOnTimeout(null, options.patience().toMillis(), TimeUnit.MILLISECONDS);
    return Future.fromCompletionStage(quiet)
        .compose(
            nothingUnderWay ->
                waiting(
                    () -> {
                      map.removeEntryListener(listening);
                      read.removeMessageListener(hearing);
                      dead.close();
                      restoration.close();
                      map.executeOnEntries(
                          new RemoveNodes(membership.self()), NamesAny.of(membership.self()));
                      return null;
                    }))
        .<Void>mapEmpty()
        .onComplete(left -> stop());
  }

  /** Ends its threads. */
  void stop() {
    sender.shutdownNow();
    waiters.shutdownNow();
  }

  /** What metrics show. */
  public DirectoryReadings readings() {
    return new Readings(map, registrations, cache, audit);
  }

  DirectoryAudit audit() {
    return audit;
  }

  /** One may have come before the watch began, and another be heard of by now. */
  private void learnMembers() {
    long[] seen;
    do {
      seen = members();
      cache.members(seen);
    } while (!Arrays.equals(seen, members()));
  }

  private long[] members() {
    return membership.nodes().stream().mapToLong(NodeInfo::id).toArray();
  }

  private <T> Future<T> waiting(Callable<T> work) {
    Promise<T> done = Promise.promise();
    waiters.execute(
        () -> {
          try {
            done.complete(work.call());
          } catch (Exception e) {
            done.fail(e);
          }
        });
    return done.future();
  }

  private static ScheduledExecutorService threads(String name, int count) {
    AtomicInteger number = new AtomicInteger();
    ScheduledThreadPoolExecutor threads =
        (ScheduledThreadPoolExecutor)
            Executors.newScheduledThreadPool(
                count,
                task -> {
                  Thread thread = new Thread(task, name + "-" + number.getAndIncrement());
                  thread.setDaemon(true);
                  return thread;
                });
    threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return threads;
  }
}
