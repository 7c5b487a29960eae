package im.parley.cluster;

import static im.parley.testing.Waiting.await;
import static im.parley.testing.Waiting.until;

import com.hazelcast.cluster.Address;
import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A member of a real Hazelcast cluster on loopback, with its directory and what it listens to. */
final class DirectoryMember implements Directory.Local, AutoCloseable {
  final HazelcastInstance hazelcast;
  final AttributeMembership membership;
  final HazelcastDirectory directory;
  final Set<String> topics = ConcurrentHashMap.newKeySet();

  private DirectoryMember(Config config, Duration audit) {
    hazelcast = Hazelcast.newHazelcastInstance(config);
    membership = new AttributeMembership(hazelcast);
    directory = HazelcastDirectory.open(hazelcast, membership, DirectoryOptions.standard(audit));
    directory.follow(this);
  }

  /** Starts the first member. */
  static DirectoryMember first() {
    return new DirectoryMember(config(), Duration.ofHours(1));
  }

  /** Starts one that finds the member at {@code address}. */
  static DirectoryMember joining(String address) {
    return new DirectoryMember(config(address), Duration.ofHours(1));
  }

  /** Starts one more, whose audit begins only when told, and waits until all know it. */
  DirectoryMember joinedBy() {
    DirectoryMember other = joining(address());
    until(
        "the member is known", () -> membership.nodes().size() == other.membership.nodes().size());
    return other;
  }

  /** A member that finds {@code others} and no more. */
  static Config config(String... others) {
    Config config = new Config().setClusterName("directory-test");
    config.setProperty("hazelcast.logging.type", "slf4j");
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.socket.bind.any", "false");
    config.setProperty("hazelcast.shutdownhook.enabled", "false");
    config.setProperty("hazelcast.merge.first.run.delay.seconds", "1");
    config.setProperty("hazelcast.merge.next.run.delay.seconds", "1");
    config.getNetworkConfig().setPort(0);
    config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    JoinConfig join = config.getNetworkConfig().getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    join.getTcpIpConfig().setEnabled(true);
    for (String other : others) {
      join.getTcpIpConfig().addMember(other);
    }
    AttributeMembership.configure(config);
    HazelcastDirectory.configure(config);
    return config;
  }

  String address() {
    Address address = hazelcast.getCluster().getLocalMember().getAddress();
    return "127.0.0.1:" + address.getPort();
  }

  long number() {
    return membership.self();
  }

  /** As the node's first local listener does. */
  void listen(String topic) {
    topics.add(topic);
    directory.register(topic);
  }

  /** As its last one does. */
  void silence(String topic) {
    topics.remove(topic);
    directory.unregister(topic);
  }

  /** Listens to {@code count} topics and waits until all know. */
  void listen(String prefix, int count) {
    for (int i = 0; i < count; i++) {
      listen(prefix + i);
    }
    settled();
  }

  void settled() {
    until("all registrations are settled", () -> directory.readings().pending() == 0);
  }

  /** What the map has, past all memory. */
  long[] entry(String topic) {
    return hazelcast.<String, long[]>getMap(HazelcastDirectory.MAP).get(topic);
  }

  /** Changes the map behind the directory's back. */
  void forge(String topic, long... nodes) {
    hazelcast.<String, long[]>getMap(HazelcastDirectory.MAP).set(topic, nodes);
  }

  void lose(String topic) {
    hazelcast.<String, long[]>getMap(HazelcastDirectory.MAP).delete(topic);
  }

  int count(NamesAny which) {
    return hazelcast.<String, long[]>getMap(HazelcastDirectory.MAP).keySet(which).size();
  }

  /** Whether each entry of the cluster has its backup. */
  boolean isSafe() {
    return hazelcast.getPartitionService().isClusterSafe();
  }

  int entries() {
    return hazelcast.getMap(HazelcastDirectory.MAP).size();
  }

  long[] nodes(String topic) {
    return await(directory.nodes(topic));
  }

  @Override
  public Iterable<String> all() {
    return topics;
  }

  @Override
  public boolean listens(String topic) {
    return topics.contains(topic);
  }

  @Override
  public void close() {
    directory.stop();
    hazelcast.getLifecycleService().terminate();
  }
}
