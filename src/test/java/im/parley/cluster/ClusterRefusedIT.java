package im.parley.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.parley.testing.Waiting;
import io.vertx.core.net.SelfSignedCertificate;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clusters that a node must not be in, and what it says instead. */
class ClusterRefusedIT {
  @TempDir static Path directory;

  private static ChildMember elder;
  private static String members;

  @BeforeAll
  static void start() throws Exception {
    elder = ChildMember.join(directory);
    members = "cluster-members=" + elder.address();
  }

  @AfterAll
  static void stop() {
    elder.close();
  }

  @Test
  void a_cluster_of_another_name() {
    refused("cluster-name=other", members)
        .hasMessage(
            "another cluster than \"other\" is at %s: expected the same cluster-name on all nodes, or other cluster-members"
                .formatted(elder.address()));
  }

  @Test
  void a_cluster_that_speaks_another_protocol() {
    System.setProperty(ClusterProtocol.OVERRIDE, "2");
    try {
      refused(members)
          .hasMessage(
              "the cluster \"parley\" at %s speaks cluster protocol 1 (Parley 1.2.3), but this node 2 (Parley 1.2.3): run one version, or stop the other nodes first"
                  .formatted(elder.address()));
    } finally {
      System.clearProperty(ClusterProtocol.OVERRIDE);
    }
  }

  @Test
  void a_taken_port() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      refused("cluster-port=" + port)
          .hasMessageStartingWith(
              "cluster-port %d on 127.0.0.1 cannot be listened on: ".formatted(port));
      refused("cluster.bus-port=" + port)
          .hasMessageStartingWith(
              "cluster.bus-port %d on 127.0.0.1 cannot be listened on: ".formatted(port));
    }
  }

  @Test
  void a_file_that_is_no_configuration() throws Exception {
    Path file = Files.writeString(directory.resolve("broken.xml"), "<hazelcast><network>");
    refused("cluster.file=" + file)
        .hasMessageStartingWith(
            "cluster file %s: expected Hazelcast's configuration as XML, but: line 1: "
                .formatted(file));
    Path foreign = Files.writeString(directory.resolve("foreign.xml"), "<beans/>");
    refused("cluster.file=" + foreign).hasMessageStartingWith("cluster file " + foreign);
    Path advanced =
        Files.writeString(
            directory.resolve("advanced.xml"),
            "<hazelcast xmlns=\"http://www.hazelcast.com/schema/config\">"
                + "<advanced-network enabled=\"true\"/></hazelcast>");
    refused("cluster.file=" + advanced)
        .hasMessageContaining("but: <network> says how members meet");
  }

  @Test
  void tls_on_one_side_only() throws Exception {
    SelfSignedCertificate certificate = SelfSignedCertificate.create("localhost");
    String[] tls = {
      "cluster.tls-certificate=" + certificate.certificatePath(),
      "cluster.tls-key=" + certificate.privateKeyPath(),
      "cluster.tls-ca=" + certificate.certificatePath()
    };
    try (ChildMember secured = ChildMember.join(directory, tls)) {
      String toSecured = "cluster-members=" + secured.address();
      refused(toSecured)
          .hasMessageContaining("has TLS on its bus, this node has not: set cluster.tls-");
      refused(tls[0], tls[1], tls[2], members)
          .hasMessageContaining("has no TLS on its bus, this node has: ");
      try (LocalMember second = LocalMember.join(tls[0], tls[1], tls[2], toSecured)) {
        assertThat(Waiting.await(second.vertx().eventBus().<String>request("echo", "hello")).body())
            .isEqualTo("hello");
      }
    } finally {
      certificate.delete();
    }
  }

  @Test
  void the_others_go_on_after_those_that_were_refused() {
    refused("cluster-name=other", members);
    try (LocalMember welcome = LocalMember.join(members)) {
      assertThat(welcome.nodes()).contains(elder.id()).hasSize(2);
    }
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> refused(String... settings) {
    return assertThatThrownBy(() -> LocalMember.join(settings).close())
        .isInstanceOf(ClusterUnusable.class)
        .hasMessageNotContaining("\n");
  }
}
