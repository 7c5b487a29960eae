package im.parley.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.vertx.core.json.JsonObject;
import java.util.Random;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class SampleTest {
  @Test
  void histograms_of_workers_merge_to_that_of_all_values() {
    Random random = new Random(7);
    Histogram all = Histograms.empty();
    Sample merged = new Sample();
    for (int worker = 0; worker < 4; worker++) {
      Sample one = new Sample();
      for (int i = 0; i < 10_000; i++) {
        long micros = (long) Math.exp(random.nextDouble() * 16);
        one.histograms().record(Metric.ACK, micros);
        all.recordValue(micros);
      }
      merged.addBeside(overTheWire(one));
    }
    assertThat(merged.histograms().histogram(Metric.ACK)).isEqualTo(all);
    assertThat(merged.histograms().count(Metric.ACK)).isEqualTo(40_000);
  }

  @Test
  void counters_codes_fanouts_and_levels_survive_the_wire_and_add_up() {
    Sample one = new Sample();
    one.add(Counter.SENT, 3);
    one.addCode(1106, 2);
    one.addFanout(new Fanout(100, 5, 120, 200));
    one.levels(7, 6);
    one.processCpu(0.5);
    one.loopCpu().add(0.25);
    Sample sum = overTheWire(one);
    sum.addBeside(overTheWire(one));
    assertThat(sum.get(Counter.SENT)).isEqualTo(6);
    assertThat(sum.codes()).containsEntry(1106, 4L);
    assertThat(sum.fanouts().get(100L)).isEqualTo(new Fanout(100, 10, 120, 200));
    assertThat(sum.open()).isEqualTo(14);
    assertThat(sum.ready()).isEqualTo(12);
    assertThat(sum.processCpu()).isEqualTo(1.0);
    assertThat(sum.loopCpu()).containsExactly(0.25, 0.25);
  }

  @Test
  void a_fanout_lasts_from_its_due_time_to_the_last_receiver_on_any_worker() {
    Fanout merged =
        new Fanout(1_000_000_000L, 30, 1_100_000_000L, 1_400_000_000L)
            .merge(new Fanout(1_000_000_000L, 20, 1_050_000_000L, 1_500_000_000L));
    assertThat(merged.seconds()).isEqualTo(0.5);
    assertThat(merged.perSecond()).isEqualTo(100);
    assertThat(merged.firstNanos()).isEqualTo(1_050_000_000L);
  }

  @Test
  void a_value_beyond_the_range_counts_as_its_end() {
    Histograms histograms = new Histograms();
    histograms.record(Metric.ACK, Long.MAX_VALUE);
    histograms.record(Metric.ACK, -5);
    assertThat(histograms.count(Metric.ACK)).isEqualTo(2);
    assertThat(histograms.histogram(Metric.ACK).getMinValue()).isZero();
  }

  @Test
  void each_sample_of_a_loop_has_what_came_since_the_one_before_and_nothing_else() {
    LoopMeter meter = new LoopMeter();
    for (int interval = 1; interval <= 5; interval++) {
      for (int i = 0; i < interval; i++) {
        meter.count(Counter.SENT);
        meter.code(1106);
        meter.fanout(interval, interval);
        meter.record(Metric.ACK, 0, interval * 1000L);
      }
      Sample taken = meter.take();
      assertThat(taken.get(Counter.SENT)).isEqualTo(interval);
      assertThat(taken.codes()).containsExactly(entry(1106, (long) interval));
      assertThat(taken.fanouts()).containsOnlyKeys((long) interval);
      assertThat(taken.loopCpu()).hasSize(1);
      Histogram acks = taken.histograms().histogram(Metric.ACK);
      assertThat(acks.getTotalCount()).isEqualTo(interval);
      assertThat(acks.getMinValue()).isEqualTo(interval);
      assertThat(acks.getMaxValue()).isEqualTo(interval);
    }
  }

  @Test
  void what_a_plot_keeps_of_a_sample_stays_when_its_memory_is_used_again() {
    Sample one = new Sample();
    one.add(Counter.SENT, 3);
    one.addCode(1106, 2);
    one.levels(7, 6);
    one.processCpu(0.5);
    one.loopCpu().add(0.25);
    one.histograms().record(Metric.ACK, 5);
    Sample kept = one.withoutHistograms();
    one.clear();
    assertThat(kept.get(Counter.SENT)).isEqualTo(3);
    assertThat(kept.codes()).containsExactly(entry(1106, 2L));
    assertThat(kept.open()).isEqualTo(7);
    assertThat(kept.ready()).isEqualTo(6);
    assertThat(kept.processCpu()).isEqualTo(0.5);
    assertThat(kept.loopCpu()).containsExactly(0.25);
    assertThat(kept.histograms().count(Metric.ACK)).isZero();
  }

  private static Sample overTheWire(Sample sample) {
    return Sample.fromJson(new JsonObject(sample.toJson().encode()));
  }
}
