package im.parley.gateway;

import static im.parley.testing.RawWebSocket.CLOSE;
import static im.parley.testing.RawWebSocket.FIN;
import static im.parley.testing.RawWebSocket.TEXT;
import static im.parley.testing.RawWebSocket.closeFrame;
import static im.parley.testing.RawWebSocket.concat;
import static im.parley.testing.RawWebSocket.frame;
import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.LeakWatch;
import im.parley.testing.RawWebSocket;
import im.parley.testing.RawWebSocket.Frame;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections begin, pause and end, over real sockets. */
@ExtendWith(LeakWatch.class)
class LifecycleIT {
  private EchoServer server;
  private RawWebSocket client;
  private EchoConnection connection;

  @BeforeEach
  void open() throws Exception {
    server = EchoServer.start(false);
    client = RawWebSocket.open(server.port());
    connection = server.connection();
    assertNext("open");
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    server.close();
  }

  private void assertNext(String event) throws InterruptedException {
    assertThat(connection.events.poll(10, TimeUnit.SECONDS)).isEqualTo(event);
  }

  private static void await(CompletionStage<?> stage) throws Exception {
    stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void theServersCloseIsAnsweredByThePeersAndEndsTcp() throws Exception {
    client.sendText("!close");
    Frame close = client.read();
    assertThat(close.closeCode()).isEqualTo(4500);
    assertThat(close.text()).endsWith("replaced");
    client.send(frame(FIN | TEXT, "too late"), closeFrame(4500, ""));
    assertThat(client.isEnded()).isTrue();
    assertNext("message 6");
    assertNext("closed");
  }

  @Test
  void aPeerThatDoesNotAnswerTheServersCloseIsCutOff() throws Exception {
    client.sendText("!close");
    assertThat(client.read().opcode()).isEqualTo(CLOSE);
    assertThat(client.isEnded()).isTrue();
    assertNext("message 6");
    assertNext("closed");
  }

  @Test
  void aPeerThatBreaksTheProtocolWhileClosingIsCutOff() throws Exception {
    client.sendText("!close");
    client.read();
    client.send(frame(FIN | 3, ""));
    assertThat(client.isGone()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, CLOSE})
  void aPeerThatDoesNotReadIsCutOffThoughTheLastFrameCannotGo(int opcode) throws Exception {
    client.send(frame(FIN | TEXT, "!flood"), frame(FIN | opcode, ""));
    assertNext("message 6");
    assertNext("closed");
  }

  @Test
  void anAbruptEndIsToldOnce() throws Exception {
    client.socket().setSoLinger(true, 0);
    client.close();
    assertNext("closed");
    await(server.http().close().toCompletionStage());
    assertThat(connection.events).isEmpty();
  }

  @Test
  void anEndWithinAFrameReleasesWhatCame() throws Exception {
    byte[] frame = frame(FIN | TEXT, "never whole");
    client.send(concat(frame(TEXT, "part"), Arrays.copyOf(frame, 9)));
    client.close();
    assertNext("closed");
  }

  @Test
  void closeNowEndsWithoutACloseFrame() throws Exception {
    client.sendText("!closeNow");
    assertThat(client.isEnded()).isTrue();
    assertNext("message 9");
    assertNext("closed");
  }

  @Test
  void aFaultOfTheSubclassClosesWith1011() throws Exception {
    client.sendText("!fail");
    assertThat(client.readClose().closeCode()).isEqualTo(1011);
  }

  @Test
  void aShutdownOfTheServerClosesWith1001AndIsOverWhenThePeersAnswered() throws Exception {
    CompletionStage<Void> down = server.http().shutdown(60, TimeUnit.SECONDS).toCompletionStage();
    assertThat(client.readClose().closeCode()).isEqualTo(1001);
    client.send(closeFrame(1001, ""));
    assertThat(client.isEnded()).isTrue();
    await(down);
    assertNext("closed");
  }

  @Test
  void aCloseOfTheServerStillSays1001() throws Exception {
    await(server.http().close().toCompletionStage());
    assertThat(client.readClose().closeCode()).isEqualTo(1001);
    assertThat(client.isGone()).isTrue();
    assertNext("closed");
  }

  @Test
  void aPausedConnectionDeliversNothingUntilItResumesAndThenAllInOrder() throws Exception {
    byte[] head = frame(FIN | TEXT, "last, in halves");
    client.send(
        frame(FIN | TEXT, "!pause"),
        frame(FIN | TEXT, "a"),
        frame(FIN | TEXT, "bb"),
        Arrays.copyOf(head, 8));
    assertNext("message 6");
    client.send(Arrays.copyOfRange(head, 8, head.length));
    client.sendText("ccc");
    assertThat(connection.events).isEmpty();
    server.onLoop(connection::resumeReading);
    assertThat(client.readText()).isEqualTo("a");
    assertThat(client.readText()).isEqualTo("bb");
    assertThat(client.readText()).isEqualTo("last, in halves");
    assertThat(client.readText()).isEqualTo("ccc");
  }

  @Test
  void aPausedConnectionCanBeClosedAndReadsThePeersAnswer() throws Exception {
    client.send(frame(FIN | TEXT, "!pause"), frame(FIN | TEXT, "never handled"));
    assertNext("message 6");
    server.onLoop(() -> connection.close(4501, "removed"));
    assertThat(client.readClose().closeCode()).isEqualTo(4501);
    client.send(closeFrame(4501, ""));
    assertThat(client.isEnded()).isTrue();
    assertNext("closed");
  }

  @Test
  void theRemoteAddressIsThePeers() {
    assertThat(connection.remoteAddress()).isEqualTo(client.socket().getLocalSocketAddress());
  }
}
