package im.parley.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Sends every text and binary message back and writes down what happens to it. A text {@code !word}
 * is a command.
 */
class EchoConnection extends WebSocketHandler {
  /** What happened, in order; read by the test's thread. */
  final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  EchoConnection(WebSocketLoop loop) {
    super(loop);
  }

  @Override
  void onOpen() {
    events.add("open");
  }

  @Override
  void onMessage(ByteBuf payload, boolean text) {
    byte[] bytes = ByteBufUtil.getBytes(payload);
    String string = new String(bytes, StandardCharsets.UTF_8);
    switch (string) {
      case "!close" -> close(4500, "replaced");
      case "!closeNow" -> closeNow();
      case "!fail" -> throw new IllegalStateException("told to fail");
      case "!flood" -> flood();
      case "!pause" -> pauseReading();
      default -> echo(bytes, text);
    }
    if (events.size() < 1000) {
      events.add("message " + bytes.length);
    }
  }

  /** Far more than both kernels' buffers take. */
  private void flood() {
    ByteBuf frame = loop().encodeText(new byte[1 << 20]);
    for (int i = 0; i < 50; i++) {
      writeFrame(frame.retainedDuplicate());
    }
    frame.release();
  }

  private void echo(byte[] bytes, boolean text) {
    if (!text) {
      ByteBuf frame = loop().allocator().directBuffer();
      FrameEncoder.writeHeader(frame, FrameHeader.FIN | FrameHeader.BINARY, bytes.length);
      writeFrame(frame.writeBytes(bytes));
    } else {
      writeFrame(compressed() ? loop().encodeDeflated(bytes) : loop().encodeText(bytes));
    }
  }

  @Override
  void onClosed() {
    events.add("closed");
  }
}
