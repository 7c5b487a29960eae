package im.parley.gateway;

import static im.parley.testing.RawWebSocket.BINARY;
import static im.parley.testing.RawWebSocket.CONTINUATION;
import static im.parley.testing.RawWebSocket.FIN;
import static im.parley.testing.RawWebSocket.PING;
import static im.parley.testing.RawWebSocket.RSV1;
import static im.parley.testing.RawWebSocket.TEXT;
import static im.parley.testing.RawWebSocket.closeFrame;
import static im.parley.testing.RawWebSocket.frame;
import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.LeakWatch;
import im.parley.testing.RawWebSocket;
import im.parley.testing.RawWebSocket.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What RFC 7692 demands once permessage-deflate is agreed, over real sockets. */
@ExtendWith(LeakWatch.class)
class Rfc7692IT {
  private static final String OFFER =
      "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits";

  private static EchoServer server;
  private RawWebSocket client;

  @BeforeAll
  static void start() throws Exception {
    server = EchoServer.start(true);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void open() throws Exception {
    client = RawWebSocket.open(server.port(), OFFER);
  }

  @AfterEach
  void hangUp() throws Exception {
    client.close();
  }

  private static byte[] deflate(byte[] message, int level) {
    Deflater deflater = new Deflater(level, true);
    deflater.setInput(message);
    byte[] out = new byte[message.length * 2 + 64];
    int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
    deflater.end();
    return Arrays.copyOf(out, length - 4);
  }

  private static byte[] deflate(String message) {
    return deflate(message.getBytes(StandardCharsets.UTF_8), Deflater.DEFAULT_COMPRESSION);
  }

  private static String inflate(Frame frame) throws DataFormatException {
    if ((frame.flags() & RSV1) == 0) {
      return frame.text();
    }
    Inflater inflater = new Inflater(true);
    inflater.setInput(RawWebSocket.concat(frame.payload(), new byte[] {0, 0, -1, -1}));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] piece = new byte[4096];
    for (int n = inflater.inflate(piece); n > 0; n = inflater.inflate(piece)) {
      out.write(piece, 0, n);
    }
    inflater.end();
    return out.toString(StandardCharsets.UTF_8);
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private void assertFailedWith(int code) throws Exception {
    assertThat(client.readClose().closeCode()).isEqualTo(code);
    assertThat(client.isEnded()).isTrue();
  }

  @Test
  void theAnswerForgoesContextTakeoverOnBothSides() throws Exception {
    try (RawWebSocket other = RawWebSocket.connect(server.port())) {
      assertThat(other.handshake(OFFER))
          .contains(
              "\r\nSec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "F2 48 CD C9 C9 07 00", // RFC 7692 §7.2.3.1
        "00 05 00 FA FF 48 65 6C 6C 6F 00", // §7.2.3.3, not compressed
        "F3 48 CD C9 C9 07 00 00", // §7.2.3.4, BFINAL set
        "F2 48 05 00 00 00 FF FF CA C9 C9 07 00" // §7.2.3.5, two blocks
      })
  void theRfcsExamplesAreHello(String payload) throws Exception {
    client.send(frame(FIN | RSV1 | TEXT, hex(payload)));
    assertThat(client.readText()).isEqualTo("Hello");
  }

  @Test
  void theRfcsFragmentedExampleIsHello() throws Exception {
    client.send(
        frame(RSV1 | TEXT, hex("F2 48 CD")),
        frame(FIN | PING, "p"),
        frame(FIN | CONTINUATION, hex("C9 C9 07 00")));
    assertThat(client.read().text()).isEqualTo("p");
    assertThat(client.readText()).isEqualTo("Hello");
  }

  @Test
  void anEmptyMessageIsAMessage() throws Exception {
    client.send(frame(FIN | RSV1 | TEXT, hex("00")));
    assertThat(client.readText()).isEmpty();
  }

  @Test
  void messagesThatAreNotCompressedAreFineToo() throws Exception {
    client.sendText("plain");
    client.send(frame(TEXT, "in "), frame(FIN | CONTINUATION, "parts"));
    assertThat(client.readText()).isEqualTo("plain");
    assertThat(client.readText()).isEqualTo("in parts");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 63, 64, 125, 1000, 65535, 65536, EchoServer.MAX_MESSAGE_BYTES})
  void aCompressedTextOfAnySizeComesBackWhole(int size) throws Exception {
    Random random = new Random(size);
    StringBuilder text = new StringBuilder();
    while (text.length() < size) {
      text.append((char) ('a' + random.nextInt(6)));
    }
    for (int round = 0; round < 3; round++) { // the shared compressor must forget each
      client.send(frame(FIN | RSV1 | TEXT, deflate(text.toString())));
      Frame echo = client.read();
      assertThat(inflate(echo)).isEqualTo(text.toString());
      assertThat(echo.payload().length).isLessThanOrEqualTo(size);
      assertThat((echo.flags() & RSV1) != 0).isEqualTo(size >= 64);
    }
  }

  @Test
  void anIncompressibleMessageOfTheFullSizeIsAllowed() throws Exception {
    byte[] noise = new byte[EchoServer.MAX_MESSAGE_BYTES];
    new Random(1).nextBytes(noise);
    byte[] deflated = deflate(noise, 1);
    assertThat(deflated.length).isGreaterThan(noise.length);
    client.send(frame(FIN | RSV1 | BINARY, deflated));
    assertThat(client.read().payload()).isEqualTo(noise);
  }

  @Test
  void theSameFrameMayBeWrittenToManyConnections() throws Exception {
    try (RawWebSocket other = RawWebSocket.open(server.port(), OFFER)) {
      String text = "shared ".repeat(50);
      client.send(frame(FIN | RSV1 | TEXT, deflate(text)));
      other.send(frame(FIN | RSV1 | TEXT, deflate(text)));
      assertThat(inflate(client.read())).isEqualTo(text);
      assertThat(inflate(other.read())).isEqualTo(text);
    }
  }

  @Test
  void aBombIsDefusedAtTheMessageLimit() throws Exception {
    byte[] bomb = deflate(new byte[100_000_000], 9);
    assertThat(bomb.length).isLessThan(EchoServer.MAX_MESSAGE_BYTES);
    client.send(frame(FIN | RSV1 | BINARY, bomb));
    assertFailedWith(1009);
  }

  @Test
  void oneByteOverTheLimitInflatedIsTooBig() throws Exception {
    client.send(frame(FIN | RSV1 | TEXT, deflate("x".repeat(EchoServer.MAX_MESSAGE_BYTES + 1))));
    assertFailedWith(1009);
  }

  @Test
  void invalidUtf8InsideFails() throws Exception {
    client.send(frame(FIN | RSV1 | TEXT, deflate(hex("61 62 C0 AF"), 6)));
    assertFailedWith(1007);
  }

  @Test
  void whatIsNoDeflateDataFails() throws Exception {
    client.send(frame(FIN | RSV1 | TEXT, hex("07 FF FF FF")));
    assertFailedWith(1007);
  }

  @Test
  void rsv1OnAContinuationFails() throws Exception {
    client.send(
        frame(RSV1 | TEXT, hex("F2 48 CD")), frame(FIN | RSV1 | CONTINUATION, hex("C9 C9 07 00")));
    assertFailedWith(1002);
  }

  @ParameterizedTest
  @ValueSource(ints = {RawWebSocket.PING, RawWebSocket.PONG, RawWebSocket.CLOSE})
  void rsv1OnAControlFrameFails(int opcode) throws Exception {
    client.send(frame(FIN | RSV1 | opcode, ""));
    assertFailedWith(1002);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x10, 0x20})
  void theOtherReservedBitsStillFail(int bit) throws Exception {
    client.send(frame(FIN | RSV1 | bit | TEXT, hex("00")));
    assertFailedWith(1002);
  }

  @Test
  void rsv1WithoutAnAgreementFails() throws Exception {
    try (RawWebSocket plain = RawWebSocket.open(server.port())) {
      plain.send(frame(FIN | RSV1 | TEXT, deflate("x")));
      assertThat(plain.readClose().closeCode()).isEqualTo(1002);
    }
  }

  @Test
  void closeFramesAreNeverCompressed() throws Exception {
    client.send(closeFrame(1000, "bye"));
    assertThat(client.read().flags()).isEqualTo(FIN | RawWebSocket.CLOSE);
  }
}
