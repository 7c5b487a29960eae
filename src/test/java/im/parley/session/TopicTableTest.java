package im.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.cluster.NodeInfo;
import im.parley.cluster.StandaloneCluster;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicTableTest {
  private static final int GATEWAY = 5;

  private final Registered directory = new Registered();
  private final TopicTable table = new TopicTable(directory, GATEWAY);
  private final Session first = TestConnection.session(1, "a");
  private final Session second = TestConnection.session(2, "a");

  @Test
  void the_directory_hears_of_the_first_listener_and_of_the_last() {
    table.add("user:a", first);
    table.add("user:a", first);
    table.add("user:a", second);
    assertThat(directory.topics).containsExactly("user:a");
    table.remove("user:a", first);
    assertThat(directory.topics).containsExactly("user:a");
    table.remove("user:a", first);
    table.remove("user:a", second);
    assertThat(directory.topics).isEmpty();
    assertThat(table.size()).isZero();
  }

  @Test
  void removing_who_does_not_listen_changes_nothing() {
    table.remove("user:a", first);
    table.add("user:a", first);
    table.remove("user:a", second);
    assertThat(table.list("user:a")).containsExactly(first);
    assertThat(table.count("user:b")).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void it_holds_what_a_map_of_sets_holds(long seed) {
    Random random = new Random(seed);
    List<Session> sessions = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      sessions.add(TestConnection.session(i, "u"));
    }
    Map<String, Set<Session>> model = new HashMap<>();
    for (int step = 0; step < 20_000; step++) {
      String topic = "room:" + random.nextInt(12);
      Session session = sessions.get(random.nextInt(random.nextBoolean() ? 3 : 40));
      Set<Session> listeners =
          model.computeIfAbsent(topic, key -> Collections.newSetFromMap(new IdentityHashMap<>()));
      if (random.nextInt(100) < 45) {
        listeners.add(session);
        table.add(topic, session);
      } else {
        listeners.remove(session);
        table.remove(topic, session);
      }
      assertThat(table.count(topic)).isEqualTo(listeners.size());
      assertThat(directory.topics.contains(topic)).isEqualTo(!listeners.isEmpty());
      if (step % 100 == 0) {
        assertThat(table.list(topic)).hasSize(listeners.size()).allMatch(listeners::contains);
        assertThat(table.size())
            .isEqualTo((int) model.values().stream().filter(s -> !s.isEmpty()).count());
      }
    }
  }

  /** A directory that fails a table which registers twice or unregisters what is not there. */
  private static final class Registered extends LocalTopics {
    private final Set<String> topics = new HashSet<>();

    Registered() {
      super(new StandaloneCluster(NodeInfo.starting(1, "test")));
    }

    @Override
    public void register(String topic, int gateway) {
      assertThat(gateway).isEqualTo(GATEWAY);
      assertThat(topics.add(topic)).isTrue();
    }

    @Override
    public void unregister(String topic, int gateway) {
      assertThat(gateway).isEqualTo(GATEWAY);
      assertThat(topics.remove(topic)).isTrue();
    }

    @Override
    public long gateways(String topic) {
      return topics.contains(topic) ? 1L << GATEWAY : 0;
    }
  }
}
