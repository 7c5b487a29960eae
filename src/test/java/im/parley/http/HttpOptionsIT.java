package im.parley.http;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.config.Config;
import im.parley.config.ServerConfig;
import im.parley.testing.Waiting;
import io.vertx.core.Vertx;
import io.vertx.core.net.SelfSignedCertificate;
import java.io.FileInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a listener offers to a client that asks for more. */
class HttpOptionsIT {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() {
    Waiting.await(vertx.close());
  }

  @Test
  void a_client_that_offers_http_2_gets_http_1_and_no_compression() throws Exception {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();

    HttpResponse<String> answer = ask(client, "http", Map.of());

    assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
  }

  @Test
  void with_tls_too() throws Exception {
    SelfSignedCertificate certificate = SelfSignedCertificate.create("localhost");
    try {
      HttpClient client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_2)
              .sslContext(trusting(certificate))
              .build();

      HttpResponse<String> answer =
          ask(
              client,
              "https",
              Map.of(
                  "tls.certificate",
                  certificate.certificatePath(),
                  "tls.key",
                  certificate.privateKeyPath()));

      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
      assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
      assertThat(answer.body()).isEqualTo("hello".repeat(1_000));
    } finally {
      certificate.delete();
    }
  }

  @Test
  void the_admin_port_has_no_tls() throws Exception {
    SelfSignedCertificate certificate = SelfSignedCertificate.create("localhost");
    try {
      ServerConfig config =
          Config.of(
                  Map.of(
                      "tls.certificate",
                      certificate.certificatePath(),
                      "tls.key",
                      certificate.privateKeyPath()))
              .server();

      assertThat(HttpOptions.admin(config).isSsl()).isFalse();
      assertThat(HttpOptions.at(config, 0).isSsl()).isTrue();
    } finally {
      certificate.delete();
    }
  }

  private HttpResponse<String> ask(HttpClient client, String scheme, Map<String, String> settings)
      throws Exception {
    int port =
        Waiting.await(
                vertx
                    .createHttpServer(HttpOptions.at(Config.of(settings).server(), 0))
                    .requestHandler(request -> request.response().end("hello".repeat(1_000)))
                    .listen())
            .actualPort();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(scheme + "://localhost:" + port + "/"))
            .header("Accept-Encoding", "gzip, deflate")
            .build();
    return client.send(request, BodyHandlers.ofString());
  }

  private static SSLContext trusting(SelfSignedCertificate certificate) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null);
    try (InputStream pem = new FileInputStream(certificate.certificatePath())) {
      store.setCertificateEntry(
          "server", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
