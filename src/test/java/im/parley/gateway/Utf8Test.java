package im.parley.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JDK's strict decoder is the judge. */
class Utf8Test {
  /** Prime, so that all values of all three bytes are met. */
  private static final int EVERY_251ST = 251;

  private static boolean isValid(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static int check(byte[] bytes) {
    return Utf8.check(Utf8.WHOLE, Unpooled.wrappedBuffer(bytes), 0, bytes.length);
  }

  @Test
  void everyCodePointIsWhole() {
    StringBuilder all = new StringBuilder();
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        all.appendCodePoint(c);
      }
    }
    assertThat(check(all.toString().getBytes(StandardCharsets.UTF_8))).isEqualTo(Utf8.WHOLE);
  }

  @Test
  void sequencesOfThreeBytesAreJudgedAsTheJdkDoes() {
    byte[] bytes = new byte[3];
    ByteBuf buf = Unpooled.wrappedBuffer(bytes);
    for (int i = 0; i < 1 << 24; i += EVERY_251ST) {
      bytes[0] = (byte) (i >> 16);
      bytes[1] = (byte) (i >> 8);
      bytes[2] = (byte) i;
      boolean whole = Utf8.check(Utf8.WHOLE, buf, 0, 3) == Utf8.WHOLE;
      assertThat(whole).as(HexFormat.of().formatHex(bytes)).isEqualTo(isValid(bytes));
    }
  }

  @Test
  void randomBytesAreJudgedAsTheJdkDoesWhateverTheSplit() {
    Random random = new Random(7);
    String[] pieces = {
      "a", "plain ascii text", "é", "汉", "😀", "\u0000", "\uFFFF", "\uD7FF", "\uE000"
    };
    for (int round = 0; round < 3_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(8); i >= 0; i--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      if (random.nextBoolean()) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      ByteBuf buf = Unpooled.wrappedBuffer(bytes);
      int state = Utf8.WHOLE;
      for (int at = 0; at < bytes.length; ) {
        int end = at + 1 + random.nextInt(bytes.length - at);
        state = Utf8.check(state, buf, at, end);
        at = end;
      }
      assertThat(state == Utf8.WHOLE).as(HexFormat.of().formatHex(bytes)).isEqualTo(isValid(bytes));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "C0",
        "C1",
        "F5",
        "FF",
        "80",
        "E080",
        "ED A0",
        "F08F",
        "F490",
        "E0 9F",
        "41 42 BF",
        "F8 88"
      })
  void aSequenceThatCannotBecomeValidIsInvalidAtOnce(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThat(check(bytes)).isEqualTo(Utf8.INVALID);
    assertThat(Utf8.check(Utf8.INVALID, Unpooled.wrappedBuffer(new byte[] {65}), 0, 1))
        .isEqualTo(Utf8.INVALID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"C3", "E6", "E6B1", "F0", "F09F", "F09F98"})
  void aHalfCharacterIsNeitherWholeNorInvalid(String hex) {
    assertThat(check(HexFormat.of().parseHex(hex))).isNotIn(Utf8.WHOLE, Utf8.INVALID);
  }
}
