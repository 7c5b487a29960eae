package im.parley.gateway;

import static im.parley.testing.RawWebSocket.CONTINUATION;
import static im.parley.testing.RawWebSocket.FIN;
import static im.parley.testing.RawWebSocket.PING;
import static im.parley.testing.RawWebSocket.TEXT;
import static im.parley.testing.RawWebSocket.concat;
import static im.parley.testing.RawWebSocket.frame;
import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.LeakWatch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The connection without a socket: what it does with the loop's turns, its clock and any split of
 * the input.
 */
@ExtendWith(LeakWatch.class)
class WebSocketHandlerTest {
  private static final int MAX_MESSAGE_BYTES = 1000;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private static final class FlushCounter extends ChannelOutboundHandlerAdapter {
    int flushes;

    @Override
    public void flush(ChannelHandlerContext context) {
      flushes++;
      context.flush();
    }
  }

  private static final class Recorder extends WebSocketHandler {
    final List<String> events = new ArrayList<>();
    Runnable onNext = () -> {};

    Recorder(WebSocketLoop loop) {
      super(loop);
    }

    @Override
    void onMessage(ByteBuf payload, boolean text) {
      events.add(payload.toString(StandardCharsets.UTF_8));
      onNext.run();
    }

    @Override
    void onClosed() {
      events.add("closed");
    }
  }

  private final FlushCounter flushes = new FlushCounter();
  private EmbeddedChannel channel;
  private WebSocketLoop loop;
  private Recorder connection;

  @BeforeEach
  void open() {
    channel = new EmbeddedChannel();
    channel.freezeTime();
    loop =
        new WebSocketLoop(
            channel.eventLoop(),
            new WebSocketOptions(
                MAX_MESSAGE_BYTES, false, List.of(), List.of(), 1 << 14, CLOSE_TIMEOUT));
    connection = new Recorder(loop);
    channel.pipeline().addLast(flushes, connection);
    connection.open(Unpooled.EMPTY_BUFFER, false);
    flushes.flushes = 0;
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private static ByteBuf buffer(byte[] bytes, int from, int to) {
    return PooledByteBufAllocator.DEFAULT
        .directBuffer(to - from + 1)
        .writeBytes(bytes, from, to - from);
  }

  private void receive(byte[] bytes) {
    channel.writeInbound(buffer(bytes, 0, bytes.length));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aBurstOfWritesInOneTurnIsOneFlush() {
    connection.onNext =
        () -> {
          for (int i = 0; i < 100; i++) {
            connection.writeFrame(loop.encodeText(utf8("push " + i)));
          }
          assertThat(flushes.flushes).isZero();
        };
    receive(frame(FIN | TEXT, "go"));
    assertThat(flushes.flushes).isOne();
    connection.onNext = () -> connection.writeFrame(loop.encodeText(utf8("next turn")));
    receive(frame(FIN | TEXT, "go"));
    assertThat(flushes.flushes).isEqualTo(2);
  }

  @Test
  void repliesToAllFramesOfOneReadAreOneFlush() {
    byte[][] pings = new byte[50][];
    Arrays.fill(pings, frame(FIN | PING, "p"));
    receive(concat(pings));
    assertThat(flushes.flushes).isOne();
    assertThat(channel.outboundMessages().stream().filter(m -> ((ByteBuf) m).isReadable()))
        .hasSize(50);
  }

  @Test
  void oneFrameServesManyConnections() {
    ByteBuf shared = loop.encodeText(utf8("to all"));
    connection.writeFrame(shared.retainedDuplicate());
    connection.writeFrame(shared.retainedDuplicate());
    channel.runPendingTasks();
    assertThat(shared.refCnt()).isEqualTo(3);
    shared.release();
  }

  @Test
  void aFrameAfterTheCloseIsReleasedAndNotWritten() {
    connection.close(4000, "draining");
    ByteBuf late = loop.encodeText(utf8("late"));
    connection.writeFrame(late);
    assertThat(late.refCnt()).isZero();
  }

  @Test
  void whoDoesNotAnswerACloseIsCutOffAtTheTimeoutAndNotBefore() {
    connection.close(4000, "draining");
    channel.advanceTimeBy(CLOSE_TIMEOUT.toNanos() - 1, TimeUnit.NANOSECONDS);
    channel.runScheduledPendingTasks();
    assertThat(channel.isOpen()).isTrue();
    channel.advanceTimeBy(1, TimeUnit.NANOSECONDS);
    channel.runScheduledPendingTasks();
    assertThat(channel.isOpen()).isFalse();
    assertThat(connection.events).containsExactly("closed");
  }

  @Test
  void messagesAfterTheOwnCloseAreIgnored() {
    connection.close(4000, "draining");
    receive(concat(frame(FIN | TEXT, "late"), frame(TEXT, "late "), frame(FIN | TEXT, "too")));
    assertThat(connection.events).isEmpty();
    assertThat(channel.isOpen()).isTrue();
    receive(frame(FIN | 8, ""));
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void theEndOfAHalfFrameIsStillKnownAfterTheOwnClose() {
    byte[] frame = frame(FIN | TEXT, "in two halves");
    channel.writeInbound(buffer(frame, 0, 9));
    connection.close(4000, "draining");
    channel.writeInbound(buffer(frame, 9, frame.length));
    assertThat(channel.isOpen()).isTrue();
    receive(frame(FIN | 8, ""));
    assertThat(channel.isOpen()).isFalse();
    assertThat(connection.events).containsExactly("closed");
  }

  @Test
  void aFaultInTheMiddleOfAFragmentedStreamStillFindsThePeersClose() {
    connection.onNext =
        () -> {
          throw new IllegalStateException("told to fail");
        };
    byte[] frames =
        concat(
            frame(TEXT, "a"),
            frame(FIN | CONTINUATION, "b"),
            frame(FIN | TEXT, "c"),
            frame(FIN | 8, ""));
    channel.writeInbound(
        buffer(frames, 0, frames.length - 9), buffer(frames, frames.length - 9, frames.length));
    assertThat(channel.isOpen()).isFalse();
    assertThat(connection.events).containsExactly("ab", "closed");
  }

  @Test
  void framesKeptByAPauseAreNotDeliveredAfterTheOwnClose() {
    connection.onNext = connection::pauseReading;
    byte[] frames = concat(frame(FIN | TEXT, "a"), frame(FIN | TEXT, "b"), frame(FIN | 8, ""));
    receive(frames);
    connection.close(4000, "draining");
    channel.runPendingTasks();
    assertThat(connection.events).containsExactly("a", "closed");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aCloseOutOfAMessageStopsTheFramesBehindIt() {
    connection.onNext = () -> connection.close(4000, "draining");
    receive(concat(frame(FIN | TEXT, "first"), frame(FIN | TEXT, "second")));
    assertThat(connection.events).containsExactly("first");
  }

  @Test
  void anImmediateCloseOutOfAMessageOfAHalfFrameIsSafe() {
    connection.onNext = connection::closeNow;
    byte[] frames = concat(frame(FIN | TEXT, "first"), frame(FIN | TEXT, "second"));
    channel.writeInbound(buffer(frames, 0, 3), buffer(frames, 3, frames.length));
    assertThat(connection.events).containsExactly("first", "closed");
  }

  @Test
  void aPauseOutOfAMessageKeepsTheRestBackUntilTheResume() {
    connection.onNext = connection::pauseReading;
    byte[] frames = concat(frame(FIN | TEXT, "a"), frame(FIN | TEXT, "b"), frame(FIN | TEXT, "c"));
    channel.writeInbound(
        buffer(frames, 0, frames.length - 2), buffer(frames, frames.length - 2, frames.length));
    assertThat(channel.config().isAutoRead()).isFalse();
    for (List<String> expected : List.of(List.of("a"), List.of("a", "b"), List.of("a", "b", "c"))) {
      assertThat(connection.events).isEqualTo(expected);
      connection.resumeReading();
      channel.runPendingTasks();
    }
    assertThat(channel.config().isAutoRead()).isTrue();
  }

  @Test
  void aPauseThatNothingComesIntoLeavesTheSocketAlone() {
    connection.pauseReading();
    assertThat(channel.config().isAutoRead()).isTrue();
    connection.resumeReading();
    receive(frame(FIN | TEXT, "a"));
    assertThat(connection.events).containsExactly("a");
  }

  @Test
  void theFirstBytesThatComeIntoAPauseAreKeptAndTheLast() {
    connection.pauseReading();
    receive(frame(FIN | TEXT, "a"));
    assertThat(channel.config().isAutoRead()).isFalse();
    assertThat(connection.events).isEmpty();
    connection.resumeReading();
    channel.runPendingTasks();
    assertThat(channel.config().isAutoRead()).isTrue();
    assertThat(connection.events).containsExactly("a");
  }

  @Test
  void aResumeWithinTheMessageThatPausedGoesOnAtOnce() {
    connection.onNext =
        () -> {
          connection.pauseReading();
          connection.resumeReading();
        };
    receive(concat(frame(FIN | TEXT, "a"), frame(FIN | TEXT, "b")));
    assertThat(connection.events).containsExactly("a", "b");
  }

  @Test
  void anySplitOfTheInputGivesTheSameMessages() {
    Random random = new Random(3);
    for (int round = 0; round < 300; round++) {
      List<String> expected = new ArrayList<>();
      byte[] input = new byte[0];
      for (int i = random.nextInt(12); i >= 0; i--) {
        String text =
            "é".repeat(random.nextInt(8))
                + "汉".repeat(random.nextInt(random.nextInt(5) == 0 ? 250 : 20));
        expected.add(text);
        input = concat(input, fragmented(utf8(text), random));
      }
      connection.events.clear();
      for (int at = 0; at < input.length; ) {
        int end = Math.min(input.length, at + 1 + random.nextInt(random.nextBoolean() ? 6 : 400));
        channel.writeInbound(buffer(input, at, end));
        at = end;
      }
      assertThat(connection.events).isEqualTo(expected);
    }
  }

  private static byte[] fragmented(byte[] payload, Random random) {
    byte[] frames = new byte[0];
    int opcode = TEXT;
    int at = 0;
    while (random.nextBoolean()) {
      int end = at + random.nextInt(payload.length - at + 1);
      frames = concat(frames, frame(opcode, Arrays.copyOfRange(payload, at, end)));
      if (random.nextInt(3) == 0) {
        frames = concat(frames, frame(FIN | PING, "between"));
      }
      opcode = CONTINUATION;
      at = end;
    }
    return concat(frames, frame(FIN | opcode, Arrays.copyOfRange(payload, at, payload.length)));
  }
}
