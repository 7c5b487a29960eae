package im.parley.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.protocol.CloseCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FlushQueueTest {
  private static final int CONNECTIONS = FlushQueue.MANY + 10;

  private final EmbeddedChannel first = new EmbeddedChannel();
  private final List<EmbeddedChannel> channels = new ArrayList<>();
  private final List<Mute> connections = new ArrayList<>();
  private boolean moreWaits;

  private final WebSocketLoop loop =
      new WebSocketLoop(
          first.eventLoop(),
          new WebSocketOptions(1000, false, List.of(), List.of(), 1000, Duration.ofSeconds(1))) {
        @Override
        boolean moreWaits() {
          return moreWaits;
        }
      };

  FlushQueueTest() {
    for (int i = 0; i < CONNECTIONS; i++) {
      Mute connection = new Mute(loop);
      EmbeddedChannel channel = new EmbeddedChannel(connection);
      connection.open(Unpooled.EMPTY_BUFFER, false);
      channel.releaseOutbound();
      channels.add(channel);
      connections.add(connection);
    }
  }

  @AfterEach
  void close() {
    channels.forEach(EmbeddedChannel::finishAndReleaseAll);
    first.finishAndReleaseAll();
  }

  @Test
  void manyAreFlushedBeforeTheLastIsWrittenToWhenNothingWaits() {
    connections.subList(0, FlushQueue.MANY - 1).forEach(this::write);
    assertThat(flushed()).isZero();
    connections.subList(FlushQueue.MANY - 1, CONNECTIONS).forEach(this::write);
    assertThat(flushed()).isEqualTo(FlushQueue.MANY);
    first.runPendingTasks();
    assertThat(flushed()).isEqualTo(CONNECTIONS);
  }

  @Test
  void allWaitForTheEndOfTheTurnWhenMoreMayComeForThem() {
    moreWaits = true;
    connections.forEach(this::write);
    connections.forEach(this::write);
    assertThat(flushed()).isZero();
    first.runPendingTasks();
    assertThat(flushed()).isEqualTo(2 * CONNECTIONS);
  }

  private void write(Mute connection) {
    connection.writeFrame(loop.encodeText("x".getBytes(StandardCharsets.US_ASCII)));
  }

  private int flushed() {
    return channels.stream().mapToInt(channel -> channel.outboundMessages().size()).sum();
  }

  /** Says nothing by itself. */
  private static final class Mute extends WebSocketHandler {
    Mute(WebSocketLoop loop) {
      super(loop);
    }

    @Override
    void onMessage(ByteBuf payload, boolean text) {}

    @Override
    void onClosing(CloseCode code) {}
  }
}
