package im.parley.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.config.ListenerConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import im.parley.config.ClusterConfig;
import im.parley.config.MemberAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes this process a member of Hazelcast, and of the right cluster or of none. */
final class HazelcastMember {
  private static final Logger LOG = LoggerFactory.getLogger(HazelcastMember.class);

  private final ClusterConfig config;
  private final MemberFacts self;
  private final HazelcastInstance member;

  private HazelcastMember(ClusterConfig config, MemberFacts self, HazelcastInstance member) {
    this.config = config;
    this.self = self;
    this.member = member;
  }

  /**
   * Joins the cluster, or begins one when nobody answers. Blocks for seconds.
   *
   * @throws ClusterUnusable if it cannot be; nothing of the member is left then
   */
  static HazelcastInstance start(ClusterConfig config, MemberFacts self) {
    ClusterFile file = ClusterFile.find(config.file());
    Config written = MemberConfig.of(config, file, self);
    LOG.info("cluster is looked for [name: {}, file: {}]", config.name(), file.source());
    OtherNames others = new OtherNames();
    written.addListenerConfig(new ListenerConfig(others));
    requireFreePort(config);
    HazelcastInstance member = started(config, file, written);
    try {
      new HazelcastMember(config, self, member).check(others);
      return member;
    } catch (RuntimeException e) {
      member.shutdown();
      throw e;
    }
  }

  private static HazelcastInstance started(
      ClusterConfig config, ClusterFile file, Config hazelcast) {
    try {
      return Hazelcast.newHazelcastInstance(hazelcast);
    } catch (RuntimeException e) {
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      String why =
          cause instanceof IllegalStateException
              ? "a member takes connections but does not answer (is it stopped?), or refuses this"
                  + " one; its log and this one's with log.level=debug say more"
              : String.valueOf(cause.getMessage());
      throw new ClusterUnusable(
          "the cluster \"%s\" cannot be joined with %s: %s"
              .formatted(config.name(), file.source(), why),
          e);
    }
  }

  /** Hazelcast would say it in a hundred lines. */
  private static void requireFreePort(ClusterConfig config) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(config.bind()), config.port()));
    } catch (IOException e) {
      throw new ClusterUnusable(
          "cluster-port %d on %s cannot be listened on: %s"
              .formatted(config.port(), config.bind(), e.getMessage()),
          e);
    }
  }

  private void check(OtherNames others) {
    List<Member> elders = new ArrayList<>();
    for (Member other : member.getCluster().getMembers()) {
      if (other.localMember()) {
        break; // members are in the order of their age; who came later looks at this one
      }
      elders.add(other);
    }
    elders.forEach(this::check);
    checkNames(others);
    String here = address(member.getCluster().getLocalMember());
    if (elders.isEmpty()) {
      warnOfSilence();
    }
    LOG.info(
        "node is in its cluster [name: {}, address: {}, nodes: {}]",
        config.name(),
        here,
        member.getCluster().getMembers().size());
  }

  private void check(Member elder) {
    MemberFacts other = MemberFacts.of(elder);
    String where = "the cluster \"%s\" at %s ".formatted(config.name(), address(elder));
    if (other == null) {
      throw new ClusterUnusable(
          where + "is not one of Parley: set another cluster-name or other cluster-members", null);
    }
    if (other.protocol() != self.protocol()) {
      throw new ClusterUnusable(
          where
              + "speaks cluster protocol %d (Parley %s), but this node %d (Parley %s): "
                  .formatted(other.protocol(), other.version(), self.protocol(), self.version())
              + "run one version, or stop the other nodes first",
          null);
    }
    if (other.tls() != self.tls()) {
      throw new ClusterUnusable(
          where
              + (other.tls()
                  ? "has TLS on its bus, this node has not: set cluster.tls-certificate,"
                      + " cluster.tls-key and cluster.tls-ca"
                  : "has no TLS on its bus, this node has: leave the cluster.tls-… settings out,"
                      + " or set them on all nodes"),
          null);
    }
  }

  private void checkNames(OtherNames others) {
    if (!others.found().isEmpty()) {
      throw new ClusterUnusable(
          "another cluster than \"%s\" is at %s: expected the same cluster-name on all nodes, or other cluster-members"
              .formatted(config.name(), String.join(", ", others.found())),
          null);
    }
  }

  private void warnOfSilence() {
    String here = address(member.getCluster().getLocalMember());
    List<MemberAddress> asked =
        config.members().stream().filter(given -> !given.toString().equals(here)).toList();
    if (!asked.isEmpty()) {
      LOG.warn("no other node answers, this one begins its cluster alone [asked: {}]", asked);
    }
  }

  private static String address(Member member) {
    return member.getAddress().getHost() + ":" + member.getAddress().getPort();
  }
}
