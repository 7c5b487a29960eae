package im.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.MutableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SessionIdsTest {
  private final MutableClock clock = new MutableClock();

  @Test
  void they_ascend_even_when_the_clock_steps_back() {
    SessionIds ids = new SessionIds(clock, 5);
    long first = ids.next();
    clock.advance(Duration.ofHours(-1));
    assertThat(ids.next()).isGreaterThan(first);
  }

  @Test
  void two_nodes_make_different_ones_that_sort_by_time() {
    SessionIds here = new SessionIds(clock, 5);
    SessionIds there = new SessionIds(clock, 6);
    long first = here.next();
    assertThat(there.next()).isNotEqualTo(first);
    clock.advance(Duration.ofSeconds(1));
    assertThat(there.next()).isGreaterThan(first).isPositive();
  }

  @Test
  void after_another_nodes_number_the_next_is_higher() {
    SessionIds behind = new SessionIds(clock, 5);
    MutableClock fast = new MutableClock();
    fast.advance(Duration.ofHours(1));
    SessionIds ahead = new SessionIds(fast, 6);
    long other = ahead.next();
    behind.observe(other);
    assertThat(behind.next()).isGreaterThan(other);
  }
}
