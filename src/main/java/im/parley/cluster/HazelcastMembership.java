package im.parley.cluster;

import com.hazelcast.cluster.InitialMembershipEvent;
import com.hazelcast.cluster.InitialMembershipListener;
import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import com.hazelcast.topic.ITopic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes of the cluster as Hazelcast's members. What a member says from its first moment (its
 * number, its protocol) is in its attributes; what changes it tells all others on a topic, which
 * unlike a map asks no third node that may be the one that hangs.
 *
 * <p>Members that speak another {@link ClusterProtocol} are none of the nodes: they are about to
 * leave again.
 */
final class HazelcastMembership implements Membership {
  private static final Logger LOG = LoggerFactory.getLogger(HazelcastMembership.class);
  private static final String NEWS = "parley.nodes";

  private final HazelcastInstance hazelcast;
  private final MemberFacts facts;
  private final ITopic<String> news;
  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

  // Guarded by this; watchers are called under it too, so that they hear of changes in order.
  private final Map<UUID, Long> members = new HashMap<>();
  private final Map<Long, NodeInfo> others = new HashMap<>();
  private NodeInfo self;

  // Any thread; what is above, made anew after each change.
  private volatile List<NodeInfo> nodes;

  HazelcastMembership(HazelcastInstance hazelcast, MemberFacts facts, NodeInfo self) {
    this.hazelcast = hazelcast;
    this.facts = facts;
    this.self = self;
    this.nodes = List.of(self);
    this.news = hazelcast.getTopic(NEWS);
    hazelcast
        .getLifecycleService()
        .addLifecycleListener(
            event -> {
              if (event.getState() == LifecycleState.MERGED) {
                merged();
              }
            });
    hazelcast.getCluster().addMembershipListener(new Members());
    news.addMessageListener(message -> heard(message.getMessageObject()));
  }

  @Override
  public long self() {
    return facts.node();
  }

  @Override
  public List<NodeInfo> nodes() {
    return nodes;
  }

  @Override
  public void publish(NodeInfo changed) {
    synchronized (this) {
      self = changed;
      renew();
    }
    tell(changed);
  }

  @Override
  public void watch(Watcher watcher) {
    watchers.add(watcher);
  }

  /** Where other nodes reach this one, as {@code host:port}. */
  String address() {
    return address(hazelcast.getCluster().getLocalMember());
  }

  private void tell(NodeInfo changed) {
    try {
      news.publishAsync(NodeNews.written(changed));
    } catch (HazelcastInstanceNotActiveException gone) {
      LOG.debug("news not told, the node has left its cluster");
    }
  }

  private synchronized void heard(String text) {
    NodeInfo node = NodeNews.read(text);
    if (node != null && others.replace(node.id(), node) != null) {
      renew();
    }
  }

  private synchronized void add(Member member) {
    MemberFacts other = MemberFacts.of(member);
    if (member.localMember() || members.containsKey(member.getUuid())) {
      return;
    }
    if (other == null || !facts.understands(other)) {
      LOG.warn(
          "a member that is no node of this kind is left out [address: {}, it: {}, this node: {}]",
          address(member),
          other,
          facts);
      return;
    }
    members.put(member.getUuid(), other.node());
    if (others.putIfAbsent(other.node(), NodeInfo.starting(other.node(), other.version()))
        == null) {
      renew();
      LOG.info(
          "node joined [node: {}, version: {}, address: {}, nodes: {}]",
          others.get(other.node()).name(),
          other.version(),
          address(member),
          nodes.size());
      watchers.forEach(watcher -> watcher.joined(other.node()));
    }
  }

  private synchronized void remove(UUID member, String address) {
    Long node = members.remove(member);
    if (node == null || members.containsValue(node)) {
      return;
    }
    NodeInfo gone = others.remove(node);
    renew();
    LOG.info("node left [node: {}, address: {}, nodes: {}]", gone.name(), address, nodes.size());
    watchers.forEach(watcher -> watcher.left(node));
  }

  /** Members have new ids after a merge, this one included. */
  private synchronized void merged() {
    var present = hazelcast.getCluster().getMembers();
    present.forEach(this::add);
    List.copyOf(members.keySet()).stream()
        .filter(id -> present.stream().noneMatch(member -> member.getUuid().equals(id)))
        .forEach(id -> remove(id, "before the merge"));
    LOG.info("cluster merged, this node was apart from the others [nodes: {}]", nodes.size());
    watchers.forEach(Watcher::merged);
    tell(self);
  }

  private void renew() {
    nodes = Stream.concat(Stream.of(self), others.values().stream()).toList();
  }

  private static String address(Member member) {
    return member.getAddress().getHost() + ":" + member.getAddress().getPort();
  }

  private final class Members implements InitialMembershipListener {
    @Override
    public void init(InitialMembershipEvent event) {
      event.getMembers().forEach(HazelcastMembership.this::add);
    }

    @Override
    public void memberAdded(MembershipEvent event) {
      add(event.getMember());
      tell(self());
    }

    private NodeInfo self() {
      synchronized (HazelcastMembership.this) {
        return self;
      }
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
      remove(event.getMember().getUuid(), address(event.getMember()));
    }
  }
}
