package im.parley.gateway;

import static im.parley.testing.RawWebSocket.BINARY;
import static im.parley.testing.RawWebSocket.CLOSE;
import static im.parley.testing.RawWebSocket.CONTINUATION;
import static im.parley.testing.RawWebSocket.FIN;
import static im.parley.testing.RawWebSocket.PING;
import static im.parley.testing.RawWebSocket.PONG;
import static im.parley.testing.RawWebSocket.TEXT;
import static im.parley.testing.RawWebSocket.closeFrame;
import static im.parley.testing.RawWebSocket.concat;
import static im.parley.testing.RawWebSocket.frame;
import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.LeakWatch;
import im.parley.testing.RawWebSocket;
import im.parley.testing.RawWebSocket.Frame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What RFC 6455 demands of a server once the connection is open, over real sockets; grouped as
 * Autobahn's cases are.
 */
@ExtendWith(LeakWatch.class)
class Rfc6455IT {
  private static EchoServer server;
  private RawWebSocket client;

  @BeforeAll
  static void start() throws Exception {
    server = EchoServer.start(false);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void open() throws Exception {
    client = RawWebSocket.open(server.port());
  }

  @AfterEach
  void hangUp() throws Exception {
    client.close();
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static String letters(int length) {
    return "*".repeat(length);
  }

  private void assertFailedWith(int code) throws Exception {
    Frame close = client.readClose();
    assertThat(close.flags()).isEqualTo(FIN | CLOSE);
    assertThat(close.closeCode()).as(close.text()).isEqualTo(code);
    assertThat(client.isEnded()).isTrue();
  }

  private void assertStillOpen() throws Exception {
    client.sendText("still here");
    assertThat(client.readText()).isEqualTo("still here");
  }

  // 1 framing

  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, 7, 8, 9, 125, 126, 127, 128, 65535, 65536, EchoServer.MAX_MESSAGE_BYTES})
  void aTextOfAnySizeComesWhole(int size) throws Exception {
    client.sendText(letters(size));
    assertThat(client.readText()).isEqualTo(letters(size));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 127, 128, 65535, 65536, EchoServer.MAX_MESSAGE_BYTES})
  void aBinaryMessageOfAnySizeComesWhole(int size) throws Exception {
    byte[] payload = new byte[size];
    new Random(size).nextBytes(payload);
    client.send(frame(FIN | BINARY, payload));
    Frame echo = client.read();
    assertThat(echo.flags()).isEqualTo(FIN | BINARY);
    assertThat(echo.payload()).isEqualTo(payload);
  }

  @ParameterizedTest
  @CsvSource({"1, 300", "7, 70000", "997, 65536", "2048, 65536", "16000, 262144"})
  void aMessageChoppedIntoSegmentsComesWhole(int each, int size) throws Exception {
    client.sendChopped(frame(FIN | TEXT, letters(size)), each);
    assertThat(client.readText()).isEqualTo(letters(size));
    assertStillOpen();
  }

  @Test
  void severalFramesInOneSegmentAreHandledInOrder() throws Exception {
    client.send(frame(FIN | TEXT, "a"), frame(FIN | PING, "b"), frame(FIN | TEXT, "c"));
    assertThat(client.readText()).isEqualTo("a");
    assertThat(client.read().opcode()).isEqualTo(PONG);
    assertThat(client.readText()).isEqualTo("c");
  }

  @Test
  void aLongStreamOfFramesSplitAnywhereLosesNothing() throws Exception {
    Random random = new Random(42);
    byte[][] frames = new byte[400][];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = frame(FIN | TEXT, i + ":" + letters(random.nextInt(i % 20 == 0 ? 20_000 : 300)));
    }
    byte[] all = concat(frames);
    Thread sender =
        new Thread(
            () -> {
              try {
                for (int at = 0; at < all.length; ) {
                  int end = Math.min(all.length, at + 1 + random.nextInt(3000));
                  client.send(Arrays.copyOfRange(all, at, end));
                  at = end;
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    sender.start();
    for (int i = 0; i < frames.length; i++) {
      assertThat(client.readText()).startsWith(i + ":");
    }
    sender.join();
  }

  @Test
  void aLengthNeedNotBeInItsShortestForm() throws Exception {
    client.send(hex("81 FE 0001 00000000 61"), hex("81 FF 0000000000000001 00000000 62"));
    assertThat(client.readText()).isEqualTo("a");
    assertThat(client.readText()).isEqualTo("b");
  }

  @Test
  void aMaskOfZeroIsAMask() throws Exception {
    client.send(hex("81 82 00000000 6162"));
    assertThat(client.readText()).isEqualTo("ab");
  }

  @Test
  void anUnmaskedFrameFailsTheConnection() throws Exception {
    client.send(hex("81 02 6162"));
    assertFailedWith(1002);
  }

  @Test
  void aLengthWithTheHighestBitFailsTheConnection() throws Exception {
    client.send(hex("82 FF 8000000000000001 00000000"));
    assertFailedWith(1002);
  }

  // 2 pings and pongs

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125})
  void aPingIsAnsweredWithItsPayload(int size) throws Exception {
    byte[] payload = new byte[size];
    Arrays.fill(payload, (byte) 0xFE);
    client.send(frame(FIN | PING, payload));
    Frame pong = client.read();
    assertThat(pong.flags()).isEqualTo(FIN | PONG);
    assertThat(pong.payload()).isEqualTo(payload);
  }

  @Test
  void tenPingsAreAnsweredInOrder() throws Exception {
    for (int i = 0; i < 10; i++) {
      client.send(frame(FIN | PING, "ping " + i));
    }
    for (int i = 0; i < 10; i++) {
      assertThat(client.read().text()).isEqualTo("ping " + i);
    }
  }

  @Test
  void aPingChoppedIntoBytesIsAnswered() throws Exception {
    client.sendChopped(frame(FIN | PING, letters(125)), 1);
    assertThat(client.read().text()).isEqualTo(letters(125));
  }

  @Test
  void anUnsolicitedPongIsIgnored() throws Exception {
    client.send(frame(FIN | PONG, "unasked"), frame(FIN | PONG, ""));
    assertStillOpen();
  }

  @ParameterizedTest
  @ValueSource(ints = {CLOSE, PING, PONG})
  void aControlFrameOver125BytesFailsTheConnection(int opcode) throws Exception {
    client.send(frame(FIN | opcode, letters(126)));
    assertFailedWith(1002);
  }

  @Test
  void aPingFloodOfAPeerThatDoesNotReadHoldsFewPongs() throws Exception {
    EchoConnection connection = newConnection();
    byte[] pings = concat(frame(FIN | PING, letters(125)), frame(FIN | PING, letters(125)));
    byte[] flood = new byte[pings.length * 2000];
    for (int i = 0; i < flood.length; i += pings.length) {
      System.arraycopy(pings, 0, flood, i, pings.length);
    }
    // Far more than both kernels' buffers hold; the server reads it all, because it does not wait
    // for its pongs to go.
    for (int i = 0; i < 40; i++) {
      client.send(flood);
    }
    client.send(frame(FIN | TEXT, "!pause"));
    assertThat(await(connection, "message 6")).isTrue();
    CompletableFuture<Long> pending = new CompletableFuture<>();
    server.onLoop(() -> pending.complete(connection.pendingBytes()));
    assertThat(pending.get()).isLessThan(17 * 1024);
  }

  // 3 reserved bits, 4 opcodes

  @ParameterizedTest
  @ValueSource(ints = {0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70})
  void aReservedBitFailsTheConnection(int bits) throws Exception {
    client.send(frame(FIN | TEXT, "ok"), frame(FIN | bits | TEXT, "x"), frame(FIN | PING, ""));
    assertThat(client.readText()).isEqualTo("ok");
    assertFailedWith(1002);
  }

  @ParameterizedTest
  @ValueSource(ints = {PING, PONG, CLOSE})
  void aReservedBitOnAControlFrameFailsTheConnection(int opcode) throws Exception {
    client.send(frame(FIN | 0x40 | opcode, ""));
    assertFailedWith(1002);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 6, 7, 11, 12, 13, 14, 15})
  void anUnknownOpcodeFailsTheConnection(int opcode) throws Exception {
    client.send(frame(FIN | TEXT, "ok"), frame(FIN | opcode, ""));
    assertThat(client.readText()).isEqualTo("ok");
    assertFailedWith(1002);
  }

  // 5 fragmentation

  @Test
  void fragmentsAreJoined() throws Exception {
    client.send(
        frame(TEXT, "one "), frame(CONTINUATION, "two "), frame(FIN | CONTINUATION, "three"));
    assertThat(client.readText()).isEqualTo("one two three");
    assertStillOpen();
  }

  @Test
  void fragmentsInSegmentsOfTheirOwnAreJoined() throws Exception {
    client.sendChopped(concat(frame(BINARY, "one "), frame(FIN | CONTINUATION, "two")), 1);
    assertThat(client.read().text()).isEqualTo("one two");
    assertStillOpen();
  }

  @Test
  void emptyFragmentsMakeAnEmptyMessage() throws Exception {
    client.send(frame(TEXT, ""), frame(CONTINUATION, ""), frame(FIN | CONTINUATION, ""));
    assertThat(client.readText()).isEmpty();
  }

  @Test
  void manySmallFragmentsAreJoined() throws Exception {
    client.send(frame(TEXT, ""));
    for (int i = 0; i < 5000; i++) {
      client.send(frame(CONTINUATION, "abc"));
    }
    client.send(frame(FIN | CONTINUATION, ""));
    assertThat(client.readText()).isEqualTo("abc".repeat(5000));
  }

  @Test
  void aPingWithinAFragmentedMessageIsAnsweredAtOnce() throws Exception {
    client.send(frame(TEXT, "one "), frame(FIN | PING, "now"));
    assertThat(client.read().text()).isEqualTo("now");
    client.send(frame(FIN | CONTINUATION, "two"));
    assertThat(client.readText()).isEqualTo("one two");
  }

  @Test
  void aCloseWithinAFragmentedMessageIsAnswered() throws Exception {
    client.send(frame(TEXT, "one "), closeFrame(1000, ""));
    assertFailedWith(1000);
  }

  @ParameterizedTest
  @ValueSource(ints = {CLOSE, PING, PONG})
  void aFragmentedControlFrameFailsTheConnection(int opcode) throws Exception {
    client.send(frame(opcode, ""));
    assertFailedWith(1002);
  }

  @ParameterizedTest
  @ValueSource(ints = {CONTINUATION, FIN | CONTINUATION})
  void aContinuationOfNothingFailsTheConnection(int flags) throws Exception {
    client.send(frame(FIN | TEXT, "ok"), frame(flags, "x"));
    assertThat(client.readText()).isEqualTo("ok");
    assertFailedWith(1002);
  }

  @ParameterizedTest
  @ValueSource(ints = {TEXT, FIN | TEXT, BINARY, FIN | BINARY})
  void aNewMessageWithinAFragmentedOneFailsTheConnection(int flags) throws Exception {
    client.send(frame(TEXT, "one "), frame(flags, "x"));
    assertFailedWith(1002);
  }

  // 6 UTF-8

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CEBAE1BDB9CF83CEBCCEB5",
        "00",
        "7F",
        "C280",
        "DFBF",
        "E0A080",
        "ED9FBF",
        "EE8080",
        "EFBFBD",
        "EFBFBF",
        "F0908080",
        "F09F9880",
        "F48FBFBF",
        "EFBFBE",
        "F09FBFBE",
        "EFBBBF"
      })
  void validUtf8Comes(String hex) throws Exception {
    byte[] payload = hex(hex);
    client.send(frame(FIN | TEXT, payload));
    assertThat(client.read().payload()).isEqualTo(payload);
    // each byte a fragment
    for (int i = 0; i < payload.length; i++) {
      client.send(frame(i == 0 ? TEXT : CONTINUATION, new byte[] {payload[i]}));
    }
    client.send(frame(FIN | CONTINUATION, ""));
    assertThat(client.read().payload()).isEqualTo(payload);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80",
        "BF",
        "C0",
        "C1BF",
        "C0AF",
        "E08080",
        "E09FBF",
        "EDA080",
        "EDADBF",
        "EDAE80",
        "EDBFBF",
        "EDA080EDB080",
        "F0808080",
        "F08FBFBF",
        "F4908080",
        "F5808080",
        "F888808080",
        "FC8480808080",
        "FE",
        "FF",
        "CE",
        "E1BD",
        "F09F98",
        "CEBAE1BDB9CF83EDA080",
        "C2",
        "C220",
        "E18041",
        "2D2DC3",
        "6161616161616161FF",
        "61616161616161 C3A9 6161616161616161 E6"
      })
  void invalidUtf8FailsTheConnection(String hex) throws Exception {
    client.send(frame(FIN | TEXT, hex(hex)));
    assertFailedWith(1007);
  }

  @Test
  void aCharacterMayBeSplitBetweenFragments() throws Exception {
    client.send(
        frame(TEXT, hex("F09F")),
        frame(CONTINUATION, hex("98")),
        frame(FIN | CONTINUATION, hex("80")));
    assertThat(client.readText()).isEqualTo("😀");
  }

  @Test
  void aCharacterMustEndWithTheLastFragment() throws Exception {
    client.send(frame(TEXT, hex("F09F")), frame(FIN | CONTINUATION, hex("98")));
    assertFailedWith(1007);
  }

  @Test
  void aFragmentThatCannotBeUtf8FailsWithoutWaitingForTheLast() throws Exception {
    client.send(frame(TEXT, hex("CEBAED")), frame(CONTINUATION, hex("A0")));
    assertFailedWith(1007);
  }

  @Test
  void aBinaryMessageNeedNotBeUtf8() throws Exception {
    client.send(frame(BINARY, hex("FF")), frame(FIN | CONTINUATION, hex("C0")));
    assertThat(client.read().payload()).isEqualTo(hex("FFC0"));
  }

  // 7 close

  @ParameterizedTest
  @ValueSource(
      ints = {
        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000,
        4999
      })
  void aCloseCodeIsEchoed(int code) throws Exception {
    client.send(closeFrame(code, "reason"));
    assertFailedWith(code);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535})
  void aCloseCodeThatMayNotBeSentIsAProtocolError(int code) throws Exception {
    client.send(closeFrame(code, ""));
    assertFailedWith(1002);
  }

  @Test
  void aCloseWithoutACodeIsEchoedWithoutOne() throws Exception {
    client.send(frame(FIN | CLOSE, ""));
    assertThat(client.read().payload()).isEmpty();
    assertThat(client.isEnded()).isTrue();
  }

  @Test
  void aClosePayloadOfOneByteIsAProtocolError() throws Exception {
    client.send(frame(FIN | CLOSE, "x"));
    assertFailedWith(1002);
  }

  @Test
  void aCloseReasonOf123BytesIsFine() throws Exception {
    client.send(closeFrame(1000, letters(123)));
    assertFailedWith(1000);
  }

  @Test
  void aCloseReasonMustBeUtf8() throws Exception {
    client.send(frame(FIN | CLOSE, hex("03E8 CEBAEDA080")));
    assertFailedWith(1007);
  }

  @Test
  void whatFollowsACloseIsIgnored() throws Exception {
    client.send(
        frame(FIN | TEXT, "before"),
        closeFrame(1000, ""),
        frame(FIN | TEXT, "after"),
        frame(FIN | PING, ""));
    assertThat(client.readText()).isEqualTo("before");
    assertThat(client.read().closeCode()).isEqualTo(1000);
    assertThat(client.isGone()).isTrue();
  }

  // 9 limits

  @Test
  void aFrameOverTheLimitFailsByItsHeadAlone() throws Exception {
    client.send(hex("82 FF 0000000000040001 00000000"));
    assertFailedWith(1009);
  }

  @Test
  void aHugeFrameFailsByItsHeadAlone() throws Exception {
    client.send(hex("82 FF 7FFFFFFFFFFFFFFF 00000000"));
    assertFailedWith(1009);
  }

  @Test
  void fragmentsOverTheLimitTogetherFailTheConnection() throws Exception {
    client.send(frame(TEXT, letters(EchoServer.MAX_MESSAGE_BYTES)), frame(CONTINUATION, "x"));
    assertFailedWith(1009);
  }

  @Test
  void fragmentsUpToTheLimitAreJoined() throws Exception {
    client.send(
        frame(TEXT, letters(EchoServer.MAX_MESSAGE_BYTES - 1)), frame(FIN | CONTINUATION, "x"));
    assertThat(client.readText()).hasSize(EchoServer.MAX_MESSAGE_BYTES);
  }

  @Test
  void aCloseFrameArrivesThoughThePeerIsStillSending() throws Exception {
    byte[] much = new byte[1 << 20];
    client.send(hex("83 80 00000000"), much);
    assertFailedWith(1002);
  }

  private EchoConnection newConnection() throws Exception {
    // others of this class came first
    client.close();
    while (server.pollConnection() != null) {}
    client = RawWebSocket.open(server.port());
    return server.connection();
  }

  private static boolean await(EchoConnection connection, String event)
      throws InterruptedException {
    String next;
    do {
      next = connection.events.poll(20, TimeUnit.SECONDS);
    } while (next != null && !next.equals(event));
    return next != null;
  }
}
