package im.parley.loadtest.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PacerTest {
  private static final Offset<Long> ROUNDING = within(2_000L);

  @Test
  void events_are_due_at_equal_distances_however_late_they_are_taken() {
    Pacer pacer = new Pacer(1000, Duration.ZERO, 0);
    assertThat(pacer.take()).isZero();
    assertThat(pacer.isDue(999_000)).isFalse();
    assertThat(pacer.isDue(5_000_000_000L)).isTrue();
    assertThat(pacer.take()).isCloseTo(1_000_000, ROUNDING);
    assertThat(pacer.take()).isCloseTo(2_000_000, ROUNDING);
  }

  @Test
  void over_a_ramp_half_as_many_are_due_and_then_all() {
    Pacer pacer = new Pacer(100, Duration.ofSeconds(2), 0);
    assertThat(dueUntil(pacer, 1_000_000_000L)).isCloseTo(25, within(1));
    assertThat(dueUntil(pacer, 2_000_000_000L)).isCloseTo(75, within(1));
    assertThat(dueUntil(pacer, 3_000_000_000L)).isCloseTo(100, within(1));
  }

  /** How many are newly due. */
  private static int dueUntil(Pacer pacer, long now) {
    int count = 0;
    while (pacer.isDue(now)) {
      pacer.take();
      count++;
    }
    return count;
  }
}
