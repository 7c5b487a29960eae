package im.parley.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SaturationTest {
  private final Saturation rule = new Saturation(0.9, 100_000, 0.01);

  @Test
  void a_generator_that_kept_up_breaks_no_rule() {
    assertThat(rule.broken(phase(0.85, 99_000, 1000, 10))).isEmpty();
  }

  @Test
  void an_event_loop_that_was_nearly_always_busy_invalidates() {
    assertThat(rule.broken(phase(0.95, 0, 1000, 0)))
        .singleElement()
        .asString()
        .contains("95 % busy, limit 90 %");
  }

  @Test
  void event_loops_that_ran_late_invalidate() {
    assertThat(rule.broken(phase(0.1, 200_000, 1000, 0)))
        .singleElement()
        .asString()
        .contains("ran 200 ms late (p99), limit 100 ms");
  }

  @Test
  void sends_that_missed_their_time_invalidate() {
    assertThat(rule.broken(phase(0.1, 0, 1000, 11)))
        .singleElement()
        .asString()
        .contains("11 of 1000 sends missed their time");
  }

  @Test
  void one_busy_loop_is_not_hidden_by_idle_ones_nor_by_short_ticks() {
    PhaseTotals phase = new PhaseTotals("run", true);
    phase.add(loops(1.0, 0.0), 9);
    phase.add(loops(0.0, 0.0), 1);
    assertThat(phase.busiestLoop()).isEqualTo(0.9);
  }

  private static Sample loops(double... shares) {
    Sample sample = new Sample();
    for (double share : shares) {
      sample.loopCpu().add(share);
    }
    return sample;
  }

  private static PhaseTotals phase(double busy, long lagMicros, long sent, long late) {
    Sample sample = loops(busy, 0.1);
    for (int i = 0; i < 100; i++) {
      sample.histograms().record(Metric.LAG, i < 98 ? 10 : lagMicros);
    }
    sample.add(Counter.SENT, sent);
    sample.add(Counter.LATE, late);
    PhaseTotals phase = new PhaseTotals("run", true);
    phase.add(sample, 1);
    return phase;
  }
}
