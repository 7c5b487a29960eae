package im.parley.loadtest.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {
  private static final int MEGABYTE = 1 << 20;
  private static final int ALLOCATED = 200;

  @TempDir Path directory;
  private byte[] kept;

  @Test
  void says_what_was_allocated_where_within_the_time_asked_for() throws Exception {
    Path file = directory.resolve("own.jfr");
    for (int i = 0; i < 4 * ALLOCATED; i++) {
      kept = new byte[MEGABYTE]; // before anyone looks
    }
    Instant begin = Instant.now();
    try (jdk.jfr.Recording recorder = new jdk.jfr.Recording()) {
      recorder.enable("jdk.ObjectAllocationSample").with("throttle", "1000/s");
      recorder.enable("jdk.GCPhasePause");
      recorder.start();
      for (int i = 0; i < ALLOCATED; i++) {
        kept = new byte[MEGABYTE];
      }
      System.gc();
      recorder.stop();
      recorder.dump(file);
    }
    assertThat(kept).hasSize(MEGABYTE);

    Recording recording = Recording.read(file, begin, Instant.now());

    assertThat(recording.allocatedBytes())
        .isBetween(ALLOCATED / 2.0 * MEGABYTE, ALLOCATED * 2.0 * MEGABYTE);
    assertThat(recording.classes().get("[B")).isGreaterThan(0.5);
    assertThat(recording.allocating())
        .containsKey("RecordingTest.says_what_was_allocated_where_within_the_time_asked_for");
    assertThat(recording.pauses()).isPositive();
    assertThat(recording.longestPauseMillis()).isPositive();
    assertThat(recording.json().getDouble("allocatedBytes")).isEqualTo(recording.allocatedBytes());

    Recording before = Recording.read(file, begin.minus(Duration.ofHours(1)), begin);

    assertThat(before.allocatedBytes()).isZero();
    assertThat(before.running()).isEmpty();
    assertThat(before.pauses()).isZero();
  }
}
