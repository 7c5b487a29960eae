package im.parley.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InboxTest {
  private final Queue<Runnable> loop = new ArrayDeque<>();
  private final Inbox inbox = new Inbox(loop::add);
  private final List<Integer> done = new ArrayList<>();

  @Test
  void a_burst_costs_one_task_of_the_loop_and_runs_in_order() {
    for (int i = 0; i < 1000; i++) {
      int task = i;
      inbox.put(() -> done.add(task));
    }
    assertThat(loop).hasSize(1);
    assertThat(inbox.size()).isEqualTo(1000);
    loop.remove().run();
    assertThat(done).hasSize(1000).isSorted();
    assertThat(inbox.size()).isZero();
    assertThat(loop).isEmpty();
  }

  @Test
  void a_long_burst_lets_the_loop_do_other_things_in_between() {
    for (int i = 0; i < 10_000; i++) {
      int task = i;
      inbox.put(() -> done.add(task));
    }
    loop.remove().run();
    assertThat(done).hasSizeLessThan(10_000);
    assertThat(loop).hasSize(1);
    runAll();
    assertThat(done).hasSize(10_000).isSorted();
  }

  @Test
  void a_task_put_by_a_task_runs_too() {
    inbox.put(() -> inbox.put(() -> done.add(1)));
    runAll();
    assertThat(done).containsExactly(1);
  }

  @Test
  void what_may_be_lost_is_refused_and_counted_when_the_loop_is_far_behind_and_the_rest_is_not() {
    for (int i = 0; i < Inbox.CAPACITY; i++) {
      assertThat(inbox.offer(() -> {})).isTrue();
    }
    assertThat(inbox.offer(() -> done.add(-1))).isFalse();
    inbox.put(() -> done.add(1));
    assertThat(inbox.refused()).isEqualTo(1);
    runAll();
    assertThat(done).containsExactly(1);
    assertThat(inbox.offer(() -> {})).isTrue();
  }

  @Test
  void a_task_that_fails_takes_neither_the_others_nor_any_room_with_it() {
    inbox.put(
        () -> {
          throw new IllegalStateException("a bug");
        });
    inbox.put(() -> done.add(1));
    assertThatThrownBy(() -> loop.remove().run()).hasMessage("a bug");
    runAll();
    assertThat(done).containsExactly(1);
    assertThat(inbox.size()).isZero();
  }

  @Test
  void nothing_is_lost_or_reordered_between_threads() throws Exception {
    ExecutorService loopThread = Executors.newSingleThreadExecutor();
    ExecutorService callers = Executors.newFixedThreadPool(4);
    Map<Integer, List<Integer>> seen = new HashMap<>();
    CountDownLatch all = new CountDownLatch(4 * 50_000);
    try {
      Inbox shared = new Inbox(loopThread);
      for (int caller = 0; caller < 4; caller++) {
        int from = caller;
        callers.execute(
            () -> {
              for (int i = 0; i < 50_000; i++) {
                int task = i;
                shared.put(
                    () -> {
                      seen.computeIfAbsent(from, key -> new ArrayList<>()).add(task);
                      all.countDown();
                    });
              }
            });
      }
      assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(seen).hasSize(4);
      assertThat(seen.values()).allSatisfy(tasks -> assertThat(tasks).hasSize(50_000).isSorted());
    } finally {
      callers.shutdownNow();
      loopThread.shutdownNow();
    }
  }

  private void runAll() {
    while (!loop.isEmpty()) {
      loop.remove().run();
    }
  }
}
