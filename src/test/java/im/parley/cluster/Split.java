package im.parley.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceImpl;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.cluster.impl.ClusterServiceImpl;

/** Makes two members take each other for dead, as they do when no heartbeat comes through. */
final class Split {
  private Split() {}

  static void between(HazelcastInstance one, HazelcastInstance other) {
    Member first = one.getCluster().getLocalMember();
    Member second = other.getCluster().getLocalMember();
    suspect(other, first);
    suspect(one, second);
  }

  private static void suspect(HazelcastInstance instance, Member member) {
    HazelcastInstanceImpl node = ((HazelcastInstanceProxy) instance).getOriginal();
    ClusterServiceImpl cluster = node.node.getClusterService();
    cluster.suspectMember(cluster.getMember(member.getUuid()), "a test splits them", true);
  }
}
