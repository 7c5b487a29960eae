package im.parley.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ElsewhereTest {
  @Test
  void clients_are_shared_so_that_the_others_fill_evenly() {
    Elsewhere elsewhere =
        new Elsewhere(
            nodes(
                node(1, 900, 1_000, false),
                node(2, 0, 1_000, false),
                node(3, 100, 1_000, false),
                node(4, 0, 2_000, false)));
    Map<String, Integer> sent = new TreeMap<>();
    for (int i = 0; i < 300; i++) {
      sent.merge(elsewhere.next(), 1, Integer::sum);
    }
    // 400 on a capacity of 4,000: a tenth of each.
    assertThat(sent).isEqualTo(Map.of("ws://2/acc", 100, "ws://4/acc", 200));
  }

  @Test
  void nobody_is_sent_to_a_node_that_goes_or_has_no_address() {
    Membership nodes =
        nodes(
            node(1, 0, 10, false),
            node(2, 0, 10, true),
            new NodeInfo(3, "n3", "v", "", "", 0, 10, false));
    assertThat(new Elsewhere(nodes).next()).isNull();
  }

  @Test
  void a_node_that_has_not_told_its_capacity_counts_as_small() {
    Elsewhere elsewhere = new Elsewhere(nodes(node(2, 0, 0, false), node(3, 500, 1_000, false)));
    assertThat(elsewhere.next()).isEqualTo("ws://2/acc");
    assertThat(elsewhere.next()).isEqualTo("ws://3/acc");
  }

  @Test
  void the_least_loaded_come_first_and_those_that_go_last() {
    List<NodeInfo> ranked =
        List.of(
                node(1, 0, 100, true),
                node(2, 50, 100, false),
                node(3, 60, 1_000, false),
                node(4, 50, 100, false))
            .stream()
            .sorted(NodeInfo.LEAST_LOADED_FIRST)
            .toList();
    assertThat(ranked).extracting(NodeInfo::id).containsExactly(3L, 2L, 4L, 1L);
  }

  private static NodeInfo node(long id, int connections, int capacity, boolean draining) {
    return new NodeInfo(
        id, "n" + id, "v", "ws://" + id + "/acc", "", connections, capacity, draining);
  }

  private static Membership nodes(NodeInfo... nodes) {
    return new Membership() {
      @Override
      public long self() {
        return 1;
      }

      @Override
      public List<NodeInfo> nodes() {
        return List.of(nodes);
      }

      @Override
      public void publish(NodeInfo self) {}

      @Override
      public void watch(Watcher watcher) {}
    };
  }
}
