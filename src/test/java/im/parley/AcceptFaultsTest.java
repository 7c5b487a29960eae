package im.parley;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import im.parley.metrics.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AcceptFaultsTest {
  private static final IOException FULL = new IOException("Too many open files");

  private final Logger logger = (Logger) LoggerFactory.getLogger(AcceptFaults.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Metrics metrics = new Metrics(new SimpleMeterRegistry());
  private final EmbeddedChannel port = new EmbeddedChannel(new AcceptFaults(metrics));

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
    port.freezeTime();
  }

  @AfterEach
  void silence() {
    logger.detachAppender(log);
    port.finishAndReleaseAll();
  }

  @Test
  void the_port_waits_for_a_second_and_accepts_again() {
    port.pipeline().fireExceptionCaught(FULL);
    assertThat(port.config().isAutoRead()).isFalse();
    pass(999);
    assertThat(port.config().isAutoRead()).isFalse();
    pass(1);
    assertThat(port.config().isAutoRead()).isTrue();
  }

  @Test
  void the_log_has_one_line_a_minute_without_a_stack_trace_and_every_failure_counts() {
    for (int second = 0; second < 120; second++) {
      port.pipeline().fireExceptionCaught(FULL);
      pass(1_000);
    }
    assertThat(log.list)
        .hasSize(2)
        .allSatisfy(
            line -> {
              assertThat(line.getFormattedMessage())
                  .contains("Too many open files", "parley doctor", "limit: ");
              assertThat(line.getThrowableProxy()).isNull();
            });
    assertThat(metrics.acceptsFailed.count()).isEqualTo(120);
  }

  @Test
  void another_fault_is_left_to_others() {
    port.pipeline().fireExceptionCaught(new IllegalStateException("ours"));
    assertThatThrownBy(port::checkException).hasMessage("ours");
    assertThat(port.config().isAutoRead()).isTrue();
    assertThat(log.list).isEmpty();
    assertThat(metrics.acceptsFailed.count()).isZero();
  }

  private void pass(long millis) {
    port.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    port.runScheduledPendingTasks();
  }
}
