package im.parley.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class RouteCacheTest {
  private static final int MOST = 8;
  private static final int QUESTIONS = 4;

  private final Map<String, Queue<CompletableFuture<long[]>>> asked = new HashMap<>();

  private RouteCache cache(Duration patience) {
    DirectoryOptions options =
        new DirectoryOptions(
            1, QUESTIONS, MOST, Duration.ofSeconds(60), patience, Duration.ZERO, Duration.ZERO);
    return new RouteCache(
        topic -> {
          CompletableFuture<long[]> answer = new CompletableFuture<>();
          asked.computeIfAbsent(topic, first -> new ArrayDeque<>()).add(answer);
          return answer;
        },
        new long[] {1, 2},
        options);
  }

  private final RouteCache cache = cache(Duration.ofSeconds(20));

  private void answer(String topic, long... nodes) {
    asked.get(topic).remove().complete(nodes);
  }

  @Test
  void those_who_ask_at_the_same_time_share_one_question() {
    Future<long[]> first = cache.nodes("a");
    Future<long[]> second = cache.nodes("a");
    assertThat(asked.get("a")).hasSize(1);
    assertThat(cache.known("a")).isNull();

    answer("a", 1);

    assertThat(first.result()).containsExactly(1);
    assertThat(second.result()).containsExactly(1);
    assertThat(cache.known("a")).containsExactly(1);
    assertThat(cache.asked()).isEqualTo(1);
  }

  @Test
  void an_answer_that_a_change_overtook_is_given_but_not_kept() {
    Future<long[]> asking = cache.nodes("a");
    cache.forget("a");
    answer("a", 1);

    assertThat(asking.result()).containsExactly(1);
    assertThat(cache.known("a")).isNull();
  }

  @Test
  void an_answer_does_not_take_the_place_of_a_later_question() {
    cache.nodes("a");
    cache.forget("a");
    Future<long[]> later = cache.nodes("a");
    answer("a", 1);
    assertThat(cache.known("a")).isNull();

    answer("a", 2);

    assertThat(later.result()).containsExactly(2);
    assertThat(cache.known("a")).containsExactly(2);
  }

  @Test
  void a_node_is_named_while_it_is_a_member() {
    cache.nodes("a");
    answer("a", 1, 2, 3);
    assertThat(cache.known("a")).containsExactly(1, 2);

    cache.members(new long[] {2, 3});
    assertThat(cache.known("a")).containsExactly(2, 3);

    cache.members(new long[] {3});
    assertThat(cache.known("a")).containsExactly(3);
  }

  @Test
  void an_old_answer_is_renewed_while_it_serves_and_a_very_old_one_is_not_given() {
    cache.nodes("a");
    answer("a", 1);
    cache.grow();
    assertThat(cache.known("a")).containsExactly(1);
    assertThat(asked.get("a")).isEmpty();

    cache.grow();
    assertThat(cache.known("a")).containsExactly(1);
    assertThat(cache.known("a")).containsExactly(1);
    assertThat(asked.get("a")).as("asked once more").hasSize(1);
    answer("a", 2);
    assertThat(cache.known("a")).containsExactly(2);

    cache.grow();
    cache.grow();
    cache.grow();
    assertThat(cache.known("a")).isNull();
  }

  @Test
  void an_old_answer_serves_on_while_and_after_nobody_answers_anew() {
    cache.nodes("a");
    answer("a", 1);
    cache.grow();
    cache.grow();
    assertThat(cache.known("a")).containsExactly(1);
    cache.grow();
    assertThat(cache.known("a")).as("while it is asked").containsExactly(1);

    asked.get("a").remove().completeExceptionally(new IllegalStateException("hangs"));

    assertThat(cache.known("a")).containsExactly(1);
    assertThat(asked.get("a")).as("asked once more").hasSize(1);
    answer("a", 2);
    assertThat(cache.known("a")).containsExactly(2);
  }

  @Test
  void an_old_answer_that_changed_meanwhile_does_not_come_back_when_the_question_fails() {
    cache.nodes("a");
    answer("a", 1);
    cache.grow();
    cache.grow();
    cache.known("a");
    cache.forget("a");

    asked.get("a").remove().completeExceptionally(new IllegalStateException("hangs"));

    assertThat(cache.known("a")).isNull();
  }

  @Test
  void a_failed_question_is_asked_again_by_the_next() {
    Future<long[]> asking = cache.nodes("a");
    asked.get("a").remove().completeExceptionally(new IllegalStateException("away"));
    assertThat(asking.cause()).hasMessage("away");

    Future<long[]> again = cache.nodes("a");
    answer("a", 1);
    assertThat(again.result()).containsExactly(1);
  }

  @Test
  void a_question_without_an_answer_fails_in_time() {
    Future<long[]> asking = cache(Duration.ofMillis(1)).nodes("a");

    assertThat(asking.toCompletionStage().toCompletableFuture())
        .failsWithin(Duration.ofSeconds(20))
        .withThrowableThat()
        .withCauseInstanceOf(TimeoutException.class)
        .withMessageContaining("no answer within PT0.001S about a");
  }

  @Test
  void too_many_questions_are_refused_and_counted() {
    for (int i = 0; i < QUESTIONS; i++) {
      cache.nodes("a" + i);
    }
    assertThat(cache.nodes("b").cause()).hasMessageContaining("4 questions");
    assertThat(cache.refused()).isEqualTo(1);

    answer("a0", 1);
    assertThat(cache.nodes("b").failed()).isFalse();
  }

  @Test
  void what_is_used_stays_when_there_is_no_room() {
    remember("used");
    for (int i = 0; i < 1_000; i++) {
      assertThat(cache.known("used")).containsExactly(1);
      remember("once" + i);
      assertThat(cache.size()).isLessThanOrEqualTo(MOST + 1);
    }
  }

  private void remember(String topic) {
    cache.nodes(topic);
    answer(topic, 1);
  }
}
