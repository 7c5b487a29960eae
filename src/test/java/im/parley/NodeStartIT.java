package im.parley;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.parley.store.StoreUnusable;
import im.parley.testing.RawWebSocket;
import im.parley.testing.TestNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A start that fails and a stop: both end, and leave nothing behind. */
class NodeStartIT {
  @TempDir Path data;

  /** Whatever a JVM keeps for good after its first node is there from now on. */
  @BeforeAll
  static void warmUp(@TempDir Path first) throws Exception {
    TestNode.start(first).close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws-port", "http-port", "grpc-port", "admin-port"})
  void a_taken_port_fails_the_start_by_name_and_leaves_nothing(String key) throws Exception {
    Set<Thread> before = threads();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String setting = key + "=" + taken.getLocalPort();
      assertThatThrownBy(() -> TestNode.start(data, setting))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(
              "%s %d on 127.0.0.1 cannot be listened on: ".formatted(key, taken.getLocalPort()))
          .hasMessageContaining("in use");
    }
    awaitNoneBut(before);
    // The directory's lock is free again.
    try (TestNode second = TestNode.start(data)) {
      assertThat(second.httpPort()).isPositive();
    }
    awaitNoneBut(before);
  }

  @Test
  void a_data_directory_in_use_fails_the_start_and_leaves_the_owner_alone() throws Exception {
    try (TestNode owner = TestNode.start(data)) {
      Set<Thread> before = threads();
      assertThatThrownBy(() -> TestNode.start(data))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(StoreUnusable.class)
          .hasMessageContaining("in use by another Parley");
      awaitNoneBut(before);
      assertThat(owner.prim("/user/list?appID=101").getInteger("userCount")).isZero();
    }
  }

  @Test
  void a_stop_that_is_asked_for_again_ends_with_the_first() throws Exception {
    Set<Thread> before = threads();
    TestNode node = TestNode.start(data);
    try (RawWebSocket open = RawWebSocket.open(node.wsPort())) {
      assertThat(node.stop()).isSameAs(node.stop());
      node.close();
      assertThat(node.stop().succeeded()).isTrue();
    }
    awaitNoneBut(before);
  }

  private static void awaitNoneBut(Set<Thread> before) throws Exception {
    TestNode.await(
        () -> threads().stream().filter(thread -> !before.contains(thread)).toList(),
        List::isEmpty,
        "what still runs");
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !isOfTheJvm(thread))
        .collect(Collectors.toSet());
  }

  /** Netty's global executor comes and goes by itself; HTTP clients are the tests' own. */
  private static boolean isOfTheJvm(Thread thread) {
    return thread.getName().startsWith("globalEventExecutor")
        || thread.getName().startsWith("HttpClient-");
  }
}
