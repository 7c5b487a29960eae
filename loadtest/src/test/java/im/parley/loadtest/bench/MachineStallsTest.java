package im.parley.loadtest.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MachineStallsTest {
  @Test
  void slow_is_what_does_less_than_half_of_its_threads_median() {
    int[] steady = {100, 100, 101, 99, 100};
    int[] stalled = {200, 10, 0, 210, 90, 200, 205, 195, 200, 200};
    assertThat(MachineStalls.of(List.of(steady))).isEqualTo(new MachineStalls(0, 0));
    assertThat(MachineStalls.of(List.of(stalled))).isEqualTo(new MachineStalls(0.3, 2));
    assertThat(MachineStalls.of(List.of(steady, stalled))).isEqualTo(new MachineStalls(0.2, 2));
  }

  @Test
  void measures_every_processor_for_the_time_that_is_asked() {
    MachineStalls measured = MachineStalls.measure(Duration.ofMillis(50));
    assertThat(measured.slow()).isBetween(0.0, 0.5);
    assertThat(measured.longestMs()).isBetween(0, 50);
  }
}
