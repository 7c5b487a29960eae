package im.parley.gateway;

import static im.parley.testing.RawWebSocket.FIN;
import static im.parley.testing.RawWebSocket.TEXT;
import static im.parley.testing.RawWebSocket.closeFrame;
import static im.parley.testing.RawWebSocket.concat;
import static im.parley.testing.RawWebSocket.frame;
import static im.parley.testing.RawWebSocket.upgradeRequest;
import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.LeakWatch;
import im.parley.testing.RawWebSocket;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SelfSignedCertificate;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The connection behind TLS, whose handler is the one that stays. */
@ExtendWith(LeakWatch.class)
class TlsIT {
  private static final SelfSignedCertificate CERTIFICATE =
      SelfSignedCertificate.create("localhost");

  private static EchoServer server;
  private static SSLContext trusting;

  @BeforeAll
  static void start() throws Exception {
    server =
        new EchoServer(
            new HttpServerOptions().setSsl(true).setKeyCertOptions(CERTIFICATE.keyCertOptions()),
            EchoServer.options(true));
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream pem = new FileInputStream(CERTIFICATE.certificatePath())) {
      store.setCertificateEntry(
          "server", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    trusting = SSLContext.getInstance("TLS");
    trusting.init(null, trust.getTrustManagers(), null);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    CERTIFICATE.delete();
  }

  private static RawWebSocket connect() throws IOException {
    return RawWebSocket.over(
        trusting.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.port()));
  }

  @Test
  void messagesOfAllSizesPassBothWays() throws Exception {
    try (RawWebSocket client = connect()) {
      client.handshake();
      for (int size : new int[] {0, 1, 125, 126, 16384, 65536, 200_000}) {
        client.sendText("*".repeat(size));
        assertThat(client.readText()).hasSize(size);
      }
      client.sendChopped(frame(FIN | TEXT, "bytewise"), 1);
      assertThat(client.readText()).isEqualTo("bytewise");
    }
  }

  @Test
  void framesInTheRecordOfTheRequestAreNotLost() throws Exception {
    try (RawWebSocket client = connect()) {
      client.send(concat(upgradeRequest(), frame(FIN | TEXT, "\n\nearly")));
      assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
      assertThat(client.readText()).isEqualTo("\n\nearly");
    }
  }

  @Test
  void aCloseIsEchoedAndTheConnectionEnded() throws Exception {
    try (RawWebSocket client = connect()) {
      client.handshake();
      client.send(closeFrame(1000, "bye"));
      assertThat(client.readClose().closeCode()).isEqualTo(1000);
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void aViolationIsNamedBeforeTheConnectionEnds() throws Exception {
    try (RawWebSocket client = connect()) {
      client.handshake();
      client.send(frame(FIN | 3, ""));
      assertThat(client.readClose().closeCode()).isEqualTo(1002);
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void aShutdownOfTheServerClosesWith1001() throws Exception {
    EchoServer other =
        new EchoServer(
            new HttpServerOptions().setSsl(true).setKeyCertOptions(CERTIFICATE.keyCertOptions()),
            EchoServer.options(true));
    try (RawWebSocket client =
        RawWebSocket.over(
            trusting
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), other.port()))) {
      client.handshake();
      CompletionStage<Void> down = other.http().shutdown(60, TimeUnit.SECONDS).toCompletionStage();
      assertThat(client.readClose().closeCode()).isEqualTo(1001);
      client.send(closeFrame(1001, ""));
      assertThat(client.isEnded()).isTrue();
      down.toCompletableFuture().get(10, TimeUnit.SECONDS);
    } finally {
      other.close();
    }
  }
}
