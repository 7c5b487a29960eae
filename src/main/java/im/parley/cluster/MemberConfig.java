package im.parley.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import im.parley.config.ClusterConfig;
import java.util.UUID;

/** This node's settings, laid over the cluster file. */
final class MemberConfig {
  private static final String VERTX_NODE = "__vertx.nodeId";

  private MemberConfig() {}

  /** What Hazelcast is started with. */
  static Config of(ClusterConfig config, ClusterFile file, MemberFacts self) {
    Config hazelcast = file.parse();
    hazelcast.setClusterName(config.name());
    hazelcast.setInstanceName("parley-" + Long.toUnsignedString(self.node(), 36));
    self.into(hazelcast.getMemberAttributeConfig());
    hazelcast
        .getMemberAttributeConfig()
        .setAttribute(VERTX_NODE, new UUID(self.node(), 0).toString());
    network(config, hazelcast.getNetworkConfig());
    membersOnly(hazelcast);
    hazelcast.setProperty("hazelcast.local.localAddress", config.bind());
    long silence = config.failureTimeout().toSeconds();
    hazelcast.setProperty("hazelcast.heartbeat.interval.seconds", "1");
    hazelcast.setProperty("hazelcast.max.no.heartbeat.seconds", Long.toString(silence));
    // While a partition moves, its former owner would answer from what the new one may have
    // changed.
    hazelcast.setProperty("hazelcast.partition.migration.stale.read.disabled", "true");
    defaults(hazelcast);
    HazelcastDirectory.configure(hazelcast);
    HazelcastCluster.configure(hazelcast);
    return hazelcast;
  }

  /** What the file does not say. */
  private static void defaults(Config hazelcast) {
    // A member whose connection ended is gone when it takes no new one. Each further try waits for
    // something to be sent, which may be the next heartbeat, so three more cost seconds.
    unlessSaid(hazelcast, "hazelcast.connection.monitor.max.faults", 1);
  }

  private static void unlessSaid(Config hazelcast, String property, int value) {
    if (hazelcast.getProperty(property) == null) {
      hazelcast.setProperty(property, Integer.toString(value));
    }
  }

  /**
   * Makes the port one for members alone. On one for all protocols a connection to a member that
   * takes it but does not answer, because it is frozen, spins in the thread that writes to others
   * too, until those are taken for dead (hazelcast/hazelcast#26473).
   */
  private static void membersOnly(Config hazelcast) {
    NetworkConfig network = hazelcast.getNetworkConfig();
    ServerSocketEndpointConfig members = new ServerSocketEndpointConfig();
    members
        .setPort(network.getPort())
        .setPortAutoIncrement(network.isPortAutoIncrement())
        .setPortCount(network.getPortCount())
        .setReuseAddress(network.isReuseAddress())
        .setPublicAddress(network.getPublicAddress())
        .setOutboundPorts(network.getOutboundPorts())
        .setOutboundPortDefinitions(network.getOutboundPortDefinitions())
        .setInterfaces(network.getInterfaces())
        .setSocketInterceptorConfig(network.getSocketInterceptorConfig())
        .setSymmetricEncryptionConfig(network.getSymmetricEncryptionConfig())
        .setSSLConfig(network.getSSLConfig());
    hazelcast
        .getAdvancedNetworkConfig()
        .setEnabled(true)
        .setJoin(network.getJoin())
        .setMemberAddressProviderConfig(network.getMemberAddressProviderConfig())
        .setIcmpFailureDetectorConfig(network.getIcmpFailureDetectorConfig())
        .setMemberEndpointConfig(members);
  }

  private static void network(ClusterConfig config, NetworkConfig network) {
    network.setPort(config.port()).setPortAutoIncrement(false);
    if (!config.publicHost().isEmpty()) {
      network.setPublicAddress(config.publicHost() + ":" + config.port());
    }
    if (config.members().isEmpty()) {
      return;
    }
    JoinConfig join = network.getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    join.getKubernetesConfig().setEnabled(false);
    join.getTcpIpConfig().setEnabled(true).clear();
    config.members().forEach(member -> join.getTcpIpConfig().addMember(member.toString()));
  }
}
