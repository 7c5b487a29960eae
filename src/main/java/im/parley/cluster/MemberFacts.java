package im.parley.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.MemberAttributeConfig;

/**
 * What a member of Hazelcast says about itself from its first moment on, for as long as it is one.
 *
 * @param node its number
 * @param version Parley's version
 * @param protocol {@link ClusterProtocol}
 * @param tls whether its bus speaks TLS
 */
record MemberFacts(long node, String version, int protocol, boolean tls) {
  private static final String NODE = "parley.node";
  private static final String VERSION = "parley.version";
  private static final String PROTOCOL = "parley.protocol";
  private static final String TLS = "parley.bus-tls";

  /** Writes them into a configuration. */
  void into(MemberAttributeConfig attributes) {
    attributes.setAttribute(NODE, Long.toString(node));
    attributes.setAttribute(VERSION, version);
    attributes.setAttribute(PROTOCOL, Integer.toString(protocol));
    attributes.setAttribute(TLS, Boolean.toString(tls));
  }

  /** What {@code member} says; null when it is no Parley. */
  static MemberFacts of(Member member) {
    try {
      return new MemberFacts(
          Long.parseLong(member.getAttribute(NODE)),
          member.getAttribute(VERSION),
          Integer.parseInt(member.getAttribute(PROTOCOL)),
          Boolean.parseBoolean(member.getAttribute(TLS)));
    } catch (NumberFormatException notOurs) {
      return null;
    }
  }

  /** Whether nodes of these two kinds can be one cluster. */
  boolean understands(MemberFacts other) {
    return protocol == other.protocol && tls == other.tls;
  }
}
