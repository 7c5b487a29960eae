package im.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.cluster.NodeInfo;
import im.parley.cluster.StandaloneCluster;
import im.parley.protocol.Message;
import im.parley.protocol.Push;
import im.parley.store.LogPage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages of several nodes leave in the order of offsets, each once. */
class FeedTest {
  private static final String CONVERSATION = "direct:amy:bob";
  private static final Audience BOTH = Audience.users("amy", "bob");

  private final TopicTable topics =
      new TopicTable(new LocalTopics(new StandaloneCluster(NodeInfo.starting(1, "test"))), 0);
  private final List<Runnable> timers = new ArrayList<>();
  private final List<Promise<LogPage>> reads = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();
  private final Feed feed =
      new Feed(topics, this::read, new Inbox(Runnable::run), (millis, task) -> timers.add(task));
  private final Session amy = session(1, "amy");

  @BeforeEach
  void login() {
    listen(amy);
  }

  @Test
  void what_comes_in_order_is_delivered_at_once() {
    take(5, 6, 7);
    assertThat(delivered(amy)).containsExactly(5L, 6L, 7L);
    assertThat(timers).isEmpty();
  }

  @Test
  void what_comes_again_is_dropped() {
    take(5, 6, 5, 6, 7);
    assertThat(delivered(amy)).containsExactly(5L, 6L, 7L);
    assertThat(feed.late()).isEqualTo(2);
  }

  @Test
  void an_early_message_waits_for_those_before_it() {
    take(5, 8, 7);
    assertThat(delivered(amy)).containsExactly(5L);
    take(6);
    assertThat(delivered(amy)).containsExactly(5L, 6L, 7L, 8L);
    timers.forEach(Runnable::run);
    assertThat(reads).isEmpty();
  }

  @Test
  void what_does_not_come_is_fetched_from_the_log() {
    take(5, 8);
    timers.get(0).run();
    assertThat(asked).containsExactly(CONVERSATION + " after 5, 2");
    reads.get(0).complete(page("e", 6, 7));
    assertThat(delivered(amy)).containsExactly(5L, 6L, 7L, 8L);
    assertThat(feed.filled()).isEqualTo(2);
  }

  @Test
  void several_holes_are_filled_one_after_the_other() {
    take(5, 7, 9);
    timers.get(0).run();
    assertThat(asked).containsExactly(CONVERSATION + " after 5, 3");
    reads.get(0).complete(page("e", 6));
    assertThat(delivered(amy)).containsExactly(5L, 6L, 7L);
    reads.get(1).complete(page("e", 8, 9));
    assertThat(delivered(amy)).containsExactly(5L, 6L, 7L, 8L, 9L);
  }

  @Test
  void what_comes_while_the_log_is_read_is_delivered_once() {
    take(5, 7);
    timers.get(0).run();
    take(6, 8);
    reads.get(0).complete(page("e", 6, 7));
    assertThat(delivered(amy)).containsExactly(5L, 6L, 7L, 8L);
  }

  @Test
  void a_hole_that_opens_while_the_log_is_read_has_its_own_time() {
    take(5, 7);
    timers.get(0).run();
    take(6, 9);
    reads.get(0).complete(page("e", 6));
    assertThat(delivered(amy)).containsExactly(5L, 6L, 7L);
    timers.get(1).run();
    assertThat(asked).endsWith(CONVERSATION + " after 7, 1");
    reads.get(1).complete(page("e", 8));
    assertThat(delivered(amy)).containsExactly(5L, 6L, 7L, 8L, 9L);
    assertThat(resyncs(amy)).isZero();
  }

  @Test
  void a_hole_that_opens_while_another_closes_has_its_own_time() {
    take(5, 7);
    take(6, 9);
    timers.get(0).run();
    assertThat(reads).isEmpty();
    timers.get(1).run();
    reads.get(0).complete(page("e", 8));
    assertThat(delivered(amy)).containsExactly(5L, 6L, 7L, 8L, 9L);
  }

  @Test
  void a_session_that_came_after_the_last_delivery_does_not_get_what_it_has_read_itself() {
    take(5);
    Session bob = session(2, "bob");
    listen(bob);
    take(8);
    timers.get(0).run();
    reads.get(0).complete(page("e", 6, 7));
    assertThat(delivered(amy)).containsExactly(5L, 6L, 7L, 8L);
    assertThat(delivered(bob)).containsExactly(8L);
  }

  @Test
  void without_the_log_the_feed_goes_on_and_sessions_are_told_to_sync() {
    take(5, 8, 9);
    timers.get(0).run();
    reads.get(0).fail("the store is away");
    assertThat(delivered(amy)).containsExactly(5L, 8L, 9L);
    assertThat(resyncs(amy)).isEqualTo(1);
    assertThat(feed.skipped()).isEqualTo(1);
    take(10);
    assertThat(delivered(amy)).endsWith(10L);
  }

  @Test
  void after_a_long_silence_it_begins_anew() {
    take(5, 5 + Feed.MAX_HOLE + 2);
    assertThat(delivered(amy)).containsExactly(5L, 5L + Feed.MAX_HOLE + 2);
    assertThat(timers).isEmpty();
  }

  @Test
  void a_message_from_before_the_beginning_makes_sessions_sync_once() {
    take(5, 4, 3);
    assertThat(delivered(amy)).containsExactly(5L);
    assertThat(resyncs(amy)).isEqualTo(1);
  }

  @Test
  void another_epoch_begins_anew() {
    take(5, 7);
    feed.take(push("f", 1), BOTH);
    assertThat(delivered(amy)).containsExactly(5L, 7L, 1L);
    timers.get(0).run();
    assertThat(reads).isEmpty();
  }

  @Test
  void whatever_the_order_of_arrival_each_is_delivered_once_and_in_order() {
    Random random = new Random(3);
    for (int round = 0; round < 200; round++) {
      List<Long> offsets = new ArrayList<>(LongStream.rangeClosed(2, 60).boxed().toList());
      offsets.addAll(offsets.subList(10, 20));
      Collections.shuffle(offsets, random);
      Session fresh = session(100 + round, "amy");
      topics.remove(Topics.user("amy"), amy);
      listen(fresh);
      String epoch = "e" + round;
      feed.take(push(epoch, 1), BOTH);
      for (long offset : offsets) {
        feed.take(push(epoch, offset), BOTH);
        if (random.nextInt(10) == 0 && !timers.isEmpty()) {
          timers.remove(0).run();
        }
        if (random.nextInt(10) == 0 && !reads.isEmpty()) {
          reads.remove(0).fail("no log in this round");
          reads.clear();
        }
      }
      timers.clear();
      assertThat(delivered(fresh)).isSorted().doesNotHaveDuplicates();
      topics.remove(Topics.user("amy"), fresh);
    }
  }

  private void take(long... offsets) {
    for (long offset : offsets) {
      feed.take(push("e", offset), BOTH);
    }
  }

  private void listen(Session session) {
    session.since(feed.clock());
    topics.add(Topics.user(session.user()), session);
  }

  private Future<LogPage> read(String conversation, long offset, int limit) {
    asked.add(conversation + " after " + offset + ", " + limit);
    reads.add(Promise.promise());
    return reads.get(reads.size() - 1).future();
  }

  private static LogPage page(String epoch, long... offsets) {
    List<Message> messages =
        LongStream.of(offsets).mapToObj(offset -> push(epoch, offset).message()).toList();
    return new LogPage(CONVERSATION, epoch, 1, 100, messages, false);
  }

  private static Push push(String epoch, long offset) {
    return Push.of(
        new Message(
            "i" + offset,
            CONVERSATION,
            epoch,
            offset,
            "amy",
            "web",
            0,
            "c" + offset,
            "text",
            "{}"));
  }

  private static Session session(long id, String user) {
    Session session = TestConnection.session(id, user);
    session.state(Session.State.LIVE);
    return session;
  }

  private static long resyncs(Session session) {
    return ((TestConnection) session.connection())
        .sent.stream()
            .filter(push -> push.action().equals("resync"))
            .peek(
                push ->
                    assertThat(push.data())
                        .isEqualTo(Map.of("conversations", List.of(CONVERSATION))))
            .count();
  }

  private static List<Long> delivered(Session session) {
    return ((TestConnection) session.connection())
        .sent.stream()
            .filter(push -> push.message() != null)
            .map(push -> push.message().offset())
            .collect(Collectors.toList());
  }
}
