package im.parley.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class AxisTest {
  @Test
  void it_ends_at_a_round_number_not_far_above_the_most() {
    assertThat(even(1200.0).ticks()).containsExactly(0.0, 250.0, 500.0, 750.0, 1000.0, 1250.0);
    assertThat(even(3.0).ticks()).containsExactly(0.0, 1.0, 2.0, 3.0);
    assertThat(even().ticks()).hasSizeGreaterThan(1);
  }

  @Test
  void a_time_ends_when_it_ends() {
    Axis time = Axis.until("s", 12.4);
    assertThat(time.ticks()).containsExactly(0.0, 2.5, 5.0, 7.5, 10.0);
    assertThat(time.at(12.4)).isEqualTo(1);
  }

  @Test
  void powers_of_ten_are_equally_far_apart() {
    Axis axis = Axis.of("members", Scale.LOG, List.of(10.0, 10_000.0));
    assertThat(axis.ticks()).containsExactly(10.0, 100.0, 1000.0, 10_000.0);
    assertThat(axis.at(100)).isCloseTo(1 / 3.0, within(1e-9));
  }

  @Test
  void a_single_value_still_has_an_axis() {
    assertThat(Axis.of("ms", Scale.LOG, List.of(10.0)).ticks()).containsExactly(10.0, 20.0);
  }

  @Test
  void powers_of_ten_are_not_the_only_ends() {
    assertThat(Axis.of("ms", Scale.LOG, List.of(3.0, 18.0)).ticks())
        .containsExactly(2.0, 5.0, 10.0, 20.0);
    assertThat(
            Axis.of("ms", Scale.LOG, List.of(0.03, 114.0)).ticks().stream().mapToLong(Math::round))
        .containsExactly(0L, 0L, 1L, 10L, 100L, 200L);
  }

  @Test
  void ticks_are_short() {
    Axis axis = even(1.0);
    assertThat(axis.text(0)).isEqualTo("0");
    assertThat(axis.text(0.025)).isEqualTo("0.025");
    assertThat(axis.text(100)).isEqualTo("100");
    assertThat(axis.text(12_500)).isEqualTo("12,500");
    assertThat(axis.text(150_000)).isEqualTo("150k");
    assertThat(axis.text(1_500_000)).isEqualTo("1.5M");
    assertThat(Axis.of("", Scale.NINES, List.of()).text(99.9)).isEqualTo("99.9 %");
  }

  private static Axis even(Double... values) {
    return Axis.of("", Scale.LINEAR, List.of(values));
  }
}
