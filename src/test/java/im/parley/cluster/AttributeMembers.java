package im.parley.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Members by the number that each carries as an attribute. */
final class AttributeMembers implements Membership, MembershipListener {
  static final String NUMBER = "parley.test.number";

  private final HazelcastInstance hazelcast;
  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

  AttributeMembers(HazelcastInstance hazelcast) {
    this.hazelcast = hazelcast;
    hazelcast.getCluster().addMembershipListener(this);
    hazelcast
        .getLifecycleService()
        .addLifecycleListener(
            event -> {
              if (event.getState() == LifecycleState.MERGED) {
                watchers.forEach(Watcher::merged);
              }
            });
  }

  @Override
  public long self() {
    return number(hazelcast.getCluster().getLocalMember());
  }

  @Override
  public List<NodeInfo> nodes() {
    return hazelcast.getCluster().getMembers().stream()
        .map(member -> NodeInfo.starting(number(member), "test"))
        .toList();
  }

  @Override
  public void publish(NodeInfo self) {
    throw new UnsupportedOperationException("attributes do not change");
  }

  @Override
  public void watch(Watcher watcher) {
    watchers.add(watcher);
  }

  /** What a merge of two halves of the cluster would say. */
  void merge() {
    watchers.forEach(Watcher::merged);
  }

  @Override
  public void memberAdded(MembershipEvent event) {
    watchers.forEach(watcher -> watcher.joined(number(event.getMember())));
  }

  @Override
  public void memberRemoved(MembershipEvent event) {
    watchers.forEach(watcher -> watcher.left(number(event.getMember())));
  }

  private static long number(Member member) {
    return Long.parseLong(member.getAttribute(NUMBER));
  }
}
