package im.parley.http;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.WireClient;
import java.net.URI;
import java.time.Duration;

/** A client that is logged in. */
final class Login implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final WireClient client;

  private Login(URI endpoint, String request) {
    client = new WireClient(endpoint);
    client.sendText(request);
    assertThat(text()).contains("\"code\":200");
  }

  static Login prim(URI endpoint, int app, String user) {
    String data = "{\"userID\":\"%s\",\"appID\":%d,\"serviceToken\":\"\"}".formatted(user, app);
    return new Login(endpoint, "{\"seq\":\"1\",\"cmd\":\"login\",\"data\":" + data + "}");
  }

  static Login ofParley(URI endpoint, String user, String device) {
    String data =
        "{\"v\":1,\"userId\":\"%s\",\"platform\":\"web\",\"device\":\"%s\"}"
            .formatted(user, device);
    return new Login(endpoint, "{\"seq\":\"1\",\"action\":\"login\",\"data\":" + data + "}");
  }

  void send(String text) {
    client.sendText(text);
  }

  /** The next message. */
  String text() {
    return ((WireClient.Text) client.next(DEADLINE)).text();
  }

  /** The next event, whatever it is. */
  WireClient.Event next() {
    return client.next(DEADLINE);
  }

  @Override
  public void close() {
    client.close();
  }
}
