package im.parley.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SilenceTest {
  private static final long LOOK = Silence.STALL_NANOS / 2;
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);

  private long now = -HOUR; // the clock may begin anywhere
  private final Silence silence = new Silence(now);

  @Test
  void it_lasts_from_the_question_until_now() {
    silence.begins(now);
    assertThat(pass(3 * LOOK)).isEqualTo(3 * LOOK);
    silence.begins(now);
    assertThat(pass(LOOK)).isEqualTo(LOOK);
  }

  @Test
  void the_time_in_which_this_process_stood_still_does_not_count() {
    silence.begins(now);
    pass(2 * LOOK);
    now += HOUR;
    assertThat(silence.until(now)).isEqualTo(2 * LOOK);
    assertThat(pass(LOOK)).isEqualTo(3 * LOOK);
  }

  @Test
  void a_question_after_the_last_look_before_a_stall_has_not_waited_yet() {
    silence.begins(now + LOOK);
    now += HOUR;
    assertThat(silence.until(now)).isZero();
  }

  /** Lets time pass, looking as often as is asked. */
  private long pass(long nanos) {
    for (long passed = 0; passed < nanos; passed += LOOK) {
      now += LOOK;
      silence.until(now);
    }
    return silence.until(now);
  }
}
