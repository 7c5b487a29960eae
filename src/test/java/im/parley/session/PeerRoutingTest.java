package im.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.protocol.Message;
import im.parley.protocol.Push;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What goes to which node when the directory is right, late, and silent. */
class PeerRoutingTest {
  private static final Message MESSAGE =
      new Message("01H", "direct:a:b", "k3", 7, "a", "web", 1, "c1", "text", "{\"msg\":\"hi\"}");
  private static final Audience BOTH = Audience.users("a", "b");

  private final ScriptedCluster here = new ScriptedCluster(1, 1, 2, 3, 4);
  private final LocalTopics topics = new LocalTopics(here);
  private final Gateway gateway = new Gateway(0, new EmbeddedChannel().eventLoop(), topics);
  private final PeerRouting routing =
      new PeerRouting(here, new LocalRouting(topics, List.of(gateway)));

  @Test
  void each_node_gets_it_once_with_what_brought_it_there() {
    here.knows("user:a", 1, 2, 3).knows("user:b", 3, 4);
    routing.route(Push.of(MESSAGE), BOTH);

    assertThat(here.sent).containsOnlyKeys(2L, 3L, 4L);
    assertAimed(2, true, false);
    assertAimed(3, true, true);
    assertAimed(4, false, true);
  }

  @Test
  void what_came_for_one_who_went_is_sent_on_though_the_other_is_here() {
    topics.register("user:a", 0);
    here.knows("user:a", 1).knows("user:b", 1, 2, 3);
    routing.received(2, frame(RoutedPush.FOR_TOPIC | RoutedPush.FOR_OTHER));

    assertThat(here.sent).as("not to where it came from").containsOnlyKeys(3L);
    assertThat(RoutedPush.decode(here.sent.get(3L)).forwarded()).isTrue();
    assertThat(routing.stale()).isEqualTo(1);
  }

  @Test
  void what_is_right_here_or_was_sent_on_already_stays() {
    topics.register("user:a", 0);
    here.knows("user:a", 1).knows("user:b", 2, 3);
    routing.received(2, frame(RoutedPush.FOR_TOPIC));
    Buffer forwarded = new RoutedPush(Push.of(MESSAGE), BOTH, true).encode();
    routing.received(2, RoutedPush.aimed(forwarded, RoutedPush.FOR_OTHER));

    assertThat(here.sent).isEmpty();
    assertThat(routing.stale()).isZero();
  }

  @Test
  void while_the_directory_is_silent_messages_go_to_all_and_the_rest_is_counted() {
    here.silent = Future.failedFuture("no answer");
    routing.route(Push.droppable("typing", "", Map.of()), BOTH);
    assertThat(here.sent).isEmpty();
    assertThat(routing.lost()).isEqualTo(1);

    routing.route(Push.of(MESSAGE), BOTH);
    assertThat(here.sent).containsOnlyKeys(2L, 3L, 4L);
    assertThat(RoutedPush.decode(here.sent.get(4L)).forwarded()).isTrue();
    assertThat(routing.broadcast()).isEqualTo(1);
  }

  @Test
  void who_is_told_that_a_user_came_or_went_finds_him_so() {
    Push online = Push.droppable("presence", "", Map.of("user", "bob", "online", true));
    Audience watchers = Audience.of(Topics.presence("bob"));
    Buffer frame = new RoutedPush(online, watchers, false).encode();
    routing.received(2, RoutedPush.aimed(frame, RoutedPush.FOR_TOPIC));
    assertThat(here.forgotten).containsExactly(Topics.user("bob"));
  }

  private static Buffer frame(int aim) {
    return RoutedPush.aimed(new RoutedPush(Push.of(MESSAGE), BOTH, false).encode(), aim);
  }

  private void assertAimed(long node, boolean topic, boolean other) {
    Buffer frame = here.sent.get(node);
    assertThat(RoutedPush.decode(frame).push().message()).isEqualTo(MESSAGE);
    assertThat(RoutedPush.isAimed(frame, RoutedPush.FOR_TOPIC)).isEqualTo(topic);
    assertThat(RoutedPush.isAimed(frame, RoutedPush.FOR_OTHER)).isEqualTo(other);
  }
}
