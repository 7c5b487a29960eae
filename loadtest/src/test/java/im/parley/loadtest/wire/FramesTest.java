package im.parley.loadtest.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {
  private final Frames frames = new Frames(UnpooledByteBufAllocator.DEFAULT);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 125, 126, 127, 1000, 65535, 65536, 70001})
  void a_text_frame_unmasks_to_what_was_given(int length) {
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = (byte) (i * 31);
    }
    ByteBuf frame = frames.text(text, length);
    try {
      assertThat(frame.readUnsignedByte()).isEqualTo((short) 0x81);
      assertThat(readLength(frame)).isEqualTo(length);
      int mask = frame.readInt();
      byte[] payload = new byte[frame.readableBytes()];
      frame.readBytes(payload);
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= (byte) (mask >> (3 - i % 4) * 8);
      }
      assertThat(mask).isNotZero();
      assertThat(payload).isEqualTo(text);
    } finally {
      frame.release();
    }
  }

  private static long readLength(ByteBuf frame) {
    int second = frame.readUnsignedByte();
    assertThat(second & 0x80).as("masked").isNotZero();
    return switch (second & 0x7F) {
      case 126 -> frame.readUnsignedShort();
      case 127 -> frame.readLong();
      default -> second & 0x7F;
    };
  }
}
