package im.parley.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MaskTest {
  @Test
  void everyLengthAndAlignmentIsUnmaskedByteByByte() {
    Random random = new Random(11);
    for (int length = 0; length < 70; length++) {
      for (int start = 0; start < 9; start++) {
        byte[] bytes = new byte[start + length + 3];
        random.nextBytes(bytes);
        int mask = random.nextInt();
        byte[] expected = bytes.clone();
        for (int i = 0; i < length; i++) {
          expected[start + i] ^= (byte) (mask >> 24 - 8 * (i % 4));
        }
        ByteBuf buf = Unpooled.wrappedBuffer(bytes);
        Mask.remove(buf, start, start + length, mask);
        assertThat(bytes).isEqualTo(expected);
      }
    }
  }
}
