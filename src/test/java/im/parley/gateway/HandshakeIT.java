package im.parley.gateway;

import static im.parley.testing.RawWebSocket.FIN;
import static im.parley.testing.RawWebSocket.TEXT;
import static im.parley.testing.RawWebSocket.concat;
import static im.parley.testing.RawWebSocket.frame;
import static im.parley.testing.RawWebSocket.upgradeRequest;
import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.LeakWatch;
import im.parley.testing.RawWebSocket;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The opening handshake, RFC 6455 §4.2, with byte-exact requests. */
@ExtendWith(LeakWatch.class)
class HandshakeIT {
  private static final String REQUEST = new String(upgradeRequest(), StandardCharsets.ISO_8859_1);

  private static final String HTTP_TEXT = "\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n\n";

  private static EchoServer server;
  private static EchoServer strict;

  @BeforeAll
  static void start() throws Exception {
    server = EchoServer.start(false);
    strict =
        new EchoServer(
            new HttpServerOptions().setHttp2ClearTextEnabled(false),
            new WebSocketOptions(
                1 << 16,
                false,
                List.of("https://chat.example"),
                List.of("v2", "v1"),
                1 << 14,
                Duration.ofSeconds(1)));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    strict.close();
  }

  private static String answer(EchoServer to, String request) throws IOException {
    try (RawWebSocket client = RawWebSocket.connect(to.port())) {
      client.send(request.getBytes(StandardCharsets.ISO_8859_1));
      String head = client.readHead();
      int at = head.toLowerCase(Locale.ROOT).indexOf("content-length: ");
      int length = at < 0 ? 0 : Integer.parseInt(head.substring(at + 16, head.indexOf("\r\n", at)));
      return head + client.readBody(length);
    }
  }

  private static String answer(String request) throws IOException {
    return answer(server, request);
  }

  @Test
  void theAcceptValueIsTheOneOfTheRfcsExample() throws Exception {
    // RFC 6455 §1.3
    assertThat(answer(REQUEST))
        .isEqualTo(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Upgrade: websocket | Upgrade: WebSocket",
        "Upgrade: websocket | upgrade: h2c, WEBSOCKET",
        "Connection: Upgrade | Connection: keep-alive, upgrade",
        "Connection: Upgrade | connection: keep-alive\\r\\nConnection: UPGRADE",
        "Host: localhost | host: localhost:80",
        "Version: 13 | Version: 13\\r\\nSec-WebSocket-Protocol: chat\\r\\nSec-WebSocket-Extensions: x-unknown; a=\"b, c\"",
        "Version: 13 | Version: 13\\r\\nSec-WebSocket-Extensions: permessage-deflate",
        "Version: 13 | Version: 13\\r\\nOrigin: https://anywhere.example",
        "Version: 13 | Version: 13\\r\\nContent-Length: 0",
      })
  void aRequestMayVaryAsTheRfcAllows(String part, String variant) throws Exception {
    String response = answer(REQUEST.replace(part, variant.replace("\\r\\n", "\r\n")));
    assertThat(response)
        .startsWith("HTTP/1.1 101 ")
        .doesNotContain("Protocol:")
        .doesNotContain("Extensions:");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET | POST | 400 | method is POST, expected GET",
        "HTTP/1.1 | HTTP/1.0 | 400 | version is HTTP_1_0, expected HTTP/1.1",
        "Connection: Upgrade | Connection: close | 400 | Connection is [close], expected Upgrade",
        "Connection: Upgrade\\r\\n | '' | 400 | Connection is [], expected Upgrade",
        "dGhlIHNhbXBsZSBub25jZQ== | dGhlIHNhbXBsZSBub25jZQ | 400 | expected 16 bytes in base64",
        "dGhlIHNhbXBsZSBub25jZQ== | dGhlIHNhbXBsZSBub25jZTE= | 400 | expected 16 bytes in base64",
        "dGhlIHNhbXBsZSBub25jZQ== | ************************ | 400 | expected 16 bytes in base64",
        "Sec-WebSocket-Key: | X-Key: | 400 | Sec-WebSocket-Key is [], expected 16 bytes in base64",
        "Version: 13 | Version: 13\\r\\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ== | 400 | expected 16 bytes in base64",
        "Version: 13 | Version: 8 | 426 | Sec-WebSocket-Version is [8], expected 13",
        "Version: 13 | Version: x | 426 | Sec-WebSocket-Version is [x], expected 13",
        "Sec-WebSocket-Version: 13\\r\\n | '' | 426 | Sec-WebSocket-Version is [], expected 13",
        "Version: 13 | Version: 13\\r\\nContent-Length: 1 | 400 | the request has a body, expected none",
        "Version: 13 | Version: 13\\r\\nTransfer-Encoding: chunked | 400 | the request has a body, expected none",
      })
  void aWrongRequestIsRefusedWithOneClearLine(String part, String wrong, int status, String line)
      throws Exception {
    String request =
        REQUEST.replace(part.replace("\\r\\n", "\r\n"), wrong.replace("\\r\\n", "\r\n"));
    assertThat(answer(request)).matches("(?s)HTTP/1.[01] " + status + " .*").endsWith(line + "\n");
  }

  @Test
  void aRequestWithoutHostIsRefused() throws Exception {
    assertThat(answer(REQUEST.replace("Host: localhost\r\n", ""))).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void aRefusedVersionNamesTheRightOne() throws Exception {
    assertThat(answer(REQUEST.replace("Version: 13", "Version: 25")).toLowerCase(Locale.ROOT))
        .contains("\r\nsec-websocket-version: 13\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Upgrade: websocket\r\n", "Upgrade: websocket\r\nConnection: Upgrade\r\n"})
  void aPlainGetIsAnsweredAsPrimDoes(String headers) throws Exception {
    assertThat(answer(REQUEST.replace(headers, "")))
        .startsWith("HTTP/1.1 400 Bad Request\r\n")
        .endsWith("\r\n\r\nBad Request\n404 page not found\n");
  }

  @Test
  void anOriginNotOnTheListIsForbidden() throws Exception {
    String other = REQUEST.replace("Host:", "Origin: https://evil.example\r\nHost:");
    assertThat(answer(strict, other))
        .startsWith("HTTP/1.1 403 ")
        .endsWith("Origin https://evil.example is not allowed\n");
    String alike = REQUEST.replace("Host:", "Origin: https://chat.example.evil\r\nHost:");
    assertThat(answer(strict, alike)).startsWith("HTTP/1.1 403 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Origin: https://chat.example\r\n", "Origin: https://CHAT.example\r\n"})
  void anOriginOnTheListAndNoneAtAllAreLetIn(String origin) throws Exception {
    assertThat(answer(strict, REQUEST.replace("Host:", origin + "Host:")))
        .startsWith("HTTP/1.1 101 ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"v1 | v1", "x, v1, v2 | v1", "x | ''", "V1 | ''"})
  void aConfiguredSubprotocolIsSelectedInTheClientsOrder(String offered, String selected)
      throws Exception {
    String response =
        answer(
            strict, REQUEST.replace("Host:", "Sec-WebSocket-Protocol: " + offered + "\r\nHost:"));
    if (selected.isEmpty()) {
      assertThat(response).startsWith("HTTP/1.1 101 ").doesNotContain("Sec-WebSocket-Protocol");
    } else {
      assertThat(response).contains("\r\nSec-WebSocket-Protocol: " + selected + "\r\n");
    }
  }

  /**
   * With a mask of zeroes, so that its payload is on the wire as it is: lines that a decoder would
   * take for a request.
   */
  private static byte[] frameThatLooksLikeHttp() {
    byte[] payload = HTTP_TEXT.getBytes(StandardCharsets.US_ASCII);
    return concat(
        new byte[] {(byte) (FIN | TEXT), (byte) (0x80 | payload.length), 0, 0, 0, 0}, payload);
  }

  @Test
  void framesInTheSegmentOfTheRequestAreNotLost() throws Exception {
    for (EchoServer each : List.of(server, strict)) {
      try (RawWebSocket client = RawWebSocket.connect(each.port())) {
        client.send(
            concat(upgradeRequest(), frameThatLooksLikeHttp(), frame(FIN | TEXT, "second")));
        assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
        assertThat(client.readText()).isEqualTo(HTTP_TEXT);
        assertThat(client.readText()).isEqualTo("second");
      }
    }
  }

  @Test
  void halfAFrameInTheSegmentOfTheRequestIsNotLost() throws Exception {
    byte[] frame = frameThatLooksLikeHttp();
    byte[] request = upgradeRequest();
    for (int cut = 1; cut < frame.length; cut++) {
      try (RawWebSocket client = RawWebSocket.connect(server.port())) {
        byte[] all = concat(request, frame);
        client.send(Arrays.copyOf(all, request.length + cut));
        client.send(Arrays.copyOfRange(all, request.length + cut, all.length));
        client.readHead();
        assertThat(client.readText()).isEqualTo(HTTP_TEXT);
      }
    }
  }

  @Test
  void aRequestChoppedIntoBytesIsUnderstood() throws Exception {
    try (RawWebSocket client = RawWebSocket.connect(server.port())) {
      client.sendChopped(concat(upgradeRequest(), frame(FIN | TEXT, "slow")), 1);
      assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
      assertThat(client.readText()).isEqualTo("slow");
    }
  }

  @Test
  void aConnectionThatServedPlainRequestsCanStillUpgrade() throws Exception {
    try (RawWebSocket client = RawWebSocket.connect(server.port())) {
      client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(client.readHead()).startsWith("HTTP/1.1 400 ");
      client.readBody("Bad Request\n404 page not found\n".length());
      client.handshake();
      assertThat(client.sendText("up").readText()).isEqualTo("up");
    }
  }

  @Test
  void aPeerThatLeavesDuringTheHandshakeHarmsNothing() throws Exception {
    for (int i = 0; i < 200; i++) {
      try (RawWebSocket client = RawWebSocket.connect(server.port())) {
        client.socket().setSoLinger(true, 0);
        client.send(concat(upgradeRequest(), frame(FIN | TEXT, "unread")));
      }
    }
    try (RawWebSocket client = RawWebSocket.open(server.port())) {
      assertThat(client.sendText("fine").readText()).isEqualTo("fine");
    }
  }
}
