package im.parley.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The nodes by an attribute of Hazelcast's members, and nothing else about them. */
final class AttributeMembership implements Membership {
  private static final String NUMBER = "number";

  private final HazelcastInstance hazelcast;
  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

  AttributeMembership(HazelcastInstance hazelcast) {
    this.hazelcast = hazelcast;
    hazelcast
        .getCluster()
        .addMembershipListener(
            new MembershipListener() {
              @Override
              public void memberAdded(MembershipEvent event) {
                watchers.forEach(watcher -> watcher.joined(number(event.getMember())));
              }

              @Override
              public void memberRemoved(MembershipEvent event) {
                watchers.forEach(watcher -> watcher.left(number(event.getMember())));
              }
            });
    hazelcast
        .getLifecycleService()
        .addLifecycleListener(
            event -> {
              if (event.getState() == LifecycleState.MERGED) {
                watchers.forEach(Watcher::merged);
              }
            });
  }

  static void configure(Config config) {
    config
        .getMemberAttributeConfig()
        .setAttribute(NUMBER, Long.toString(new SecureRandom().nextLong()));
  }

  private static long number(Member member) {
    return Long.parseLong(member.getAttribute(NUMBER));
  }

  @Override
  public long self() {
    return number(hazelcast.getCluster().getLocalMember());
  }

  @Override
  public List<NodeInfo> nodes() {
    return hazelcast.getCluster().getMembers().stream()
        .map(member -> NodeInfo.starting(number(member), ""))
        .toList();
  }

  @Override
  public void publish(NodeInfo self) {
    throw new UnsupportedOperationException("a number never changes");
  }

  @Override
  public void watch(Watcher watcher) {
    watchers.add(watcher);
  }
}
