package im.parley;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.store.redis.RedisServer;
import im.parley.testing.ChatClient;
import im.parley.testing.ChildNode;
import im.parley.testing.Http;
import im.parley.testing.Nginx;
import im.parley.testing.RawWebSocket;
import im.parley.testing.Waiting;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes with one Redis behind a real nginx with the configuration that is shipped. */
class NginxIT {
  private static final String ESTABLISHED = "01"; // in /proc/net/tcp

  // nginx connects from 127.0.0.11 to .14; clients of these tests do not.
  private static final String TRUSTED = "server.trusted-proxies=127.0.0.8/29";

  @RegisterExtension static final RedisServer REDIS = RedisServer.durable();

  @TempDir Path directory;
  private final List<AutoCloseable> started = new ArrayList<>();
  private ChildNode one;
  private ChildNode two;
  private Nginx nginx;

  @BeforeEach
  void start() throws Exception {
    one = node("one");
    two = node("two");
    nginx = Nginx.start(directory.resolve("nginx"), one, two);
    started.add(nginx);
  }

  private ChildNode node(String name) throws Exception {
    ChildNode node =
        ChildNode.start(
            directory.resolve(name),
            "store=" + REDIS.url(),
            "store.redis-timeout=20s",
            "drain.grace=2s",
            "gateway.max-connections-per-address=20",
            TRUSTED);
    started.add(0, node);
    return node;
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = started.size() - 1; i >= 0; i--) {
      started.get(i).close();
    }
  }

  @Test
  void messages_and_http_go_through() {
    try (ChatClient amy = ChatClient.login(nginx.port(), "amy", "");
        ChatClient ben = ChatClient.login(nginx.port(), "ben", "")) {
      amy.send("ben", "c1", "x".repeat(10_000));
      assertThat(ben.syncAll())
          .extracting(m -> m.getString("msg"))
          .containsExactly("x".repeat(10_000));
    }
    HttpResponse<String> gateways = Http.get(http("/gateways"));
    assertThat(gateways.statusCode()).isEqualTo(200);
    assertThat(gateways.body()).contains("\"url\":\"ws://127.0.0.1:" + nginx.port() + "/acc\"");
    assertThat(Http.get(http("/")).body()).contains("<html");
    assertThat(Http.get(http("/user/list?appID=101")).body()).contains("\"userCount\":0");
    assertThat(
            Http.post(http("/user/sendMessageAll"), "appID=101&userID=x&msgID=1&message=hi").body())
        .contains("\"sendResults\":true");
    assertThat(Http.get(http("/nothing")).statusCode()).isEqualTo(404);
  }

  @Test
  void every_client_counts_under_its_own_address_whatever_it_claims() throws Exception {
    List<RawWebSocket> mine = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      mine.add(connect("127.0.0.5", "X-Forwarded-For: 198.51.100." + i));
      int open = i + 1;
      Waiting.until(open + " connections are counted", () -> addresses().size() == open);
    }
    assertThat(addresses()).containsOnly("127.0.0.5:0");
    try (RawWebSocket tooMany = socket("127.0.0.5")) {
      tooMany.send(RawWebSocket.upgradeRequest());
      assertThat(tooMany.readHead())
          .startsWith("HTTP/1.1 429 ")
          .containsIgnoringCase("Retry-After");
    }
    try (RawWebSocket another = connect("127.0.0.6")) {
      another.sendText("{\"seq\":\"1\",\"action\":\"ping\"}");
      assertThat(another.readText()).contains("pong");
    }
    for (RawWebSocket each : mine) {
      each.close();
    }
  }

  @Test
  void connections_to_a_node_come_from_four_addresses() throws Exception {
    List<RawWebSocket> clients = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      clients.add(connect("127.0.0." + (20 + i)));
    }
    Set<String> sources =
        Files.readAllLines(Path.of("/proc/net/tcp")).stream()
            .map(line -> line.strip().split("\\s+"))
            .filter(columns -> columns[3].equals(ESTABLISHED)) // not those of a test before
            .filter(columns -> columns[2].endsWith(":%04X".formatted(one.wsPort())))
            .map(columns -> columns[1].substring(0, 8))
            .collect(Collectors.toSet());
    assertThat(sources).containsExactlyInAnyOrder("0B00007F", "0C00007F", "0D00007F", "0E00007F");
    for (RawWebSocket each : clients) {
      each.close();
    }
  }

  @Test
  void after_a_node_was_killed_everyone_finds_the_other_and_everything_on_it() throws Exception {
    ChatClient amy = new ChatClient(nginx.port());
    ChatClient other = new ChatClient(nginx.port());
    String amys = amy.ask("login", ChatClient.loginData("amy", "")).getString("node");
    String others = other.ask("login", ChatClient.loginData("cat", "")).getString("node");
    assertThat(amys).as("least connections first").isNotEqualTo(others);
    amy.send("ben", "before", "text");

    (amys.equals(nodeOf(one)) ? one : two).kill();
    assertThat(amy.closeCode()).isEqualTo(1006);
    for (int i = 0; i < 10; i++) {
      try (ChatClient again = new ChatClient(nginx.port())) {
        assertThat(again.ask("login", ChatClient.loginData("amy", "")).getString("node"))
            .isEqualTo(others);
        assertThat(Http.get(http("/system/state")).statusCode()).isEqualTo(200);
      }
    }
    try (ChatClient again = ChatClient.login(nginx.port(), "amy", "");
        ChatClient ben = ChatClient.login(nginx.port(), "ben", "")) {
      assertThat(again.send("ben", "before", "text").getBoolean("duplicate")).isTrue();
      assertThat(ben.syncAll()).hasSize(1);
    }
    amy.close();
    other.close();
  }

  @Test
  void while_a_node_drains_nobody_is_turned_away() throws Exception {
    List<ChatClient> before = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      before.add(ChatClient.login(nginx.port(), "before" + i, ""));
    }
    CompletableFuture<Integer> exit =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return one.terminate();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    int sent = 0;
    while (!exit.isDone()) {
      String cid = "c" + sent++;
      while (!isStored(cid)) {
        // Its connection was one that the node closed: it comes back, as the protocol says.
      }
    }
    assertThat(exit.join()).isZero();
    assertThat(sent).isPositive();
    try (ChatClient ben = ChatClient.login(nginx.port(), "ben", "")) {
      assertThat(ben.syncAll()).hasSize(sent);
    }
    before.forEach(ChatClient::close);
  }

  /**
   * Connects, which must not be refused, logs in and sends; false if the connection ends before the
   * reply.
   */
  private boolean isStored(String cid) {
    try (ChatClient client = new ChatClient(nginx.port())) {
      try {
        return isReply(client.frameOrEndAfter("login", ChatClient.loginData("amy", "")), "login")
            && isReply(
                client.frameOrEndAfter("send", ChatClient.message("ben", cid, "text")), "send");
      } catch (CompletionException closedMeanwhile) {
        return false;
      }
    }
  }

  private static boolean isReply(JsonObject frame, String action) {
    return frame != null
        && action.equals(frame.getString("action"))
        && frame.getJsonObject("response").getInteger("code") == 200;
  }

  /** A node's name, from a login that goes to it directly. */
  private static String nodeOf(ChildNode node) {
    try (ChatClient client = new ChatClient(node.wsPort())) {
      return client.ask("login", ChatClient.loginData("probe", "")).getString("node");
    }
  }

  private RawWebSocket connect(String from, String... headers) throws IOException {
    RawWebSocket client = socket(from);
    client.handshake(headers);
    return client;
  }

  private RawWebSocket socket(String from) throws IOException {
    return RawWebSocket.over(
        new Socket(InetAddress.getLoopbackAddress(), nginx.port(), InetAddress.getByName(from), 0));
  }

  /** The clients of both nodes, as they count them. */
  private List<String> addresses() {
    List<String> all = new ArrayList<>();
    for (ChildNode node : List.of(one, two)) {
      URI uri = URI.create("http://127.0.0.1:" + node.httpPort() + "/system/state?isDebug=true");
      new JsonObject(Http.get(uri).body())
          .getJsonObject("data")
          .getJsonObject("managerInfo")
          .getJsonArray("clients")
          .forEach(address -> all.add((String) address));
    }
    return all;
  }

  private URI http(String path) {
    return URI.create("http://127.0.0.1:" + nginx.port() + path);
  }
}
