package im.parley.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.Ports;
import im.parley.testing.Waiting;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of several processes that find and lose each other. */
class MembershipIT {
  private static final String PATIENT = "cluster.failure-timeout=5m";
  private static final String FAST = "cluster.failure-timeout=5s";

  @TempDir Path directory;

  @Test
  void three_nodes_form_and_a_killed_one_is_gone_at_once() throws Exception {
    try (ChildMember first = ChildMember.join(directory, PATIENT);
        LocalMember here = LocalMember.join(PATIENT, "cluster-members=" + first.address());
        ChildMember third =
            ChildMember.join(directory, PATIENT, "cluster-members=" + here.address())) {
      List<Long> all =
          Stream.of(first.id(), here.membership().self(), third.id()).sorted().toList();
      Waiting.until("three nodes are known", () -> here.nodes().equals(all));
      assertThat(here.heard()).containsExactly("joined " + third.id());
      Waiting.until("the first has told about itself", () -> info(here, first).connections() == 7);
      assertThat(info(here, first))
          .isEqualTo(
              new NodeInfo(
                  first.id(), "child", "1.2.3", "ws://child/acc", "http://child", 7, 9, true));

      first.signal("KILL"); // found out long before the timeout
      Waiting.until("it is gone", () -> here.heard().contains("left " + first.id()));
      assertThat(here.nodes()).doesNotContain(first.id()).contains(third.id());
    }
  }

  @Test
  void a_stopped_node_is_gone_after_the_timeout_and_back_when_it_runs_again() throws Exception {
    try (ChildMember first = ChildMember.join(directory, FAST);
        LocalMember here = LocalMember.join(FAST, "cluster-members=" + first.address());
        ChildMember third =
            ChildMember.join(directory, FAST, "cluster-members=" + here.address())) {
      first.signal("STOP");
      Waiting.until("it is gone", () -> here.heard().contains("left " + first.id()));
      assertThat(here.nodes()).contains(third.id()).doesNotContain(first.id());

      first.signal("CONT");
      first.awaitLine("merged");
      Waiting.until("it is back", () -> here.heard().contains("joined " + first.id()));
      assertThat(here.heard()).doesNotContain("merged");
      Waiting.until("it tells about itself", () -> info(here, first).connections() == 7);
    }
  }

  @Test
  void a_node_that_leaves_is_gone_at_once() throws Exception {
    LocalMember leaving = LocalMember.join();
    try (LocalMember staying = LocalMember.join("cluster-members=" + leaving.address())) {
      long id = leaving.membership().self();
      leaving.close();
      Waiting.until("it is gone", () -> staying.heard().equals(List.of("left " + id)));
      assertThat(staying.nodes()).containsExactly(staying.membership().self());
    }
  }

  /** As a frozen node's port, which its kernel goes on to serve. */
  @Test
  void the_thread_that_writes_to_members_rests_while_one_takes_a_connection_and_does_not_answer()
      throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    int port = Ports.free();
    Path file =
        Files.writeString(
            directory.resolve("cluster.xml"),
            """
            <hazelcast xmlns="http://www.hazelcast.com/schema/config">
              <properties>
                <property name="hazelcast.logging.type">slf4j</property>
                <property name="hazelcast.phone.home.enabled">false</property>
                <property name="hazelcast.merge.first.run.delay.seconds">1</property>
                <property name="hazelcast.merge.next.run.delay.seconds">1</property>
              </properties>
            </hazelcast>
            """);
    String silent = "cluster-members=127.0.0.1:" + port;
    try (LocalMember here = LocalMember.join("cluster.file=" + file, silent);
        ServerSocket frozen = new ServerSocket(port, 50, loopback)) {
      frozen.setSoTimeout(20_000);
      try (Socket held = frozen.accept()) { // it looks for other halves of its cluster
        long before = writingNanos();
        Thread.sleep(1_000);
        assertThat(writingNanos() - before).isLessThan(TimeUnit.MILLISECONDS.toNanos(300));
        assertThat(held.getInputStream().readNBytes(3)).asString().isEqualTo("HZC");
        assertThat(here.nodes()).hasSize(1);
      }
    }
  }

  private static long writingNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().contains(".IO.thread-out-"))
        .mapToLong(thread -> threads.getThreadCpuTime(thread.getId()))
        .sum();
  }

  private static NodeInfo info(LocalMember asked, ChildMember about) {
    return asked.membership().nodes().stream()
        .filter(node -> node.id() == about.id())
        .findFirst()
        .orElseThrow();
  }
}
