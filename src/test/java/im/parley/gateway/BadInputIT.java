package im.parley.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.ChatClient;
import im.parley.testing.LeakWatch;
import im.parley.testing.RawWebSocket;
import im.parley.testing.TestNode;
import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.json.JsonObject;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that no client should send, to every port. After each the node serves as before. */
@ExtendWith(LeakWatch.class)
class BadInputIT {
  private static final String MALFORMED = "数据不合法";
  private static final long MEMORY = 48L << 20; // what the pool may grow by

  @TempDir static Path data;
  private static TestNode node;
  private static long memory;
  private static int threads;

  @BeforeAll
  static void start() throws Exception {
    node = TestNode.start(data);
    serves(); // and whatever is allocated once is
    memory = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    threads = Thread.activeCount();
  }

  @AfterAll
  static void stop() throws Exception {
    assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - memory)
        .isLessThan(MEMORY);
    assertThat(Thread.activeCount()).isLessThan(threads + 30);
    node.close();
  }

  @BeforeEach
  @AfterEach
  void nothing_is_left_over_and_the_node_serves() throws Exception {
    node.awaitMetric("parley_connections", connections -> connections == 0);
    serves();
  }

  private static void serves() {
    try (ChatClient client = ChatClient.login(node.wsPort(), "alice", "")) {
      client.send("bob", "c" + System.nanoTime(), "still there");
    }
  }

  static Stream<Integer> ports() {
    return Stream.of(node.wsPort(), node.httpPort(), node.adminPort(), node.grpcPort());
  }

  @ParameterizedTest
  @MethodSource("ports")
  void random_bytes_end_the_connection_or_are_answered_with_an_error(int port) throws Exception {
    Random random = new Random(port);
    for (int i = 0; i < 60; i++) {
      byte[] garbage = new byte[1 + random.nextInt(20_000)];
      random.nextBytes(garbage);
      if (i % 3 == 0) {
        System.arraycopy(
            "GET /acc HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII),
            0,
            garbage,
            0,
            Math.min(19, garbage.length));
      }
      assertThat(exchange(port, garbage))
          .doesNotStartWith("HTTP/1.1 2")
          .doesNotStartWith("HTTP/1.1 101");
    }
  }

  @ParameterizedTest
  @MethodSource("ports")
  void five_hundred_connections_of_garbage_at_once_leave_nothing_behind(int port) throws Exception {
    Random random = new Random(port);
    List<RawWebSocket> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 500; i++) {
        RawWebSocket client = RawWebSocket.connect(port);
        clients.add(client);
        byte[] garbage = new byte[1 + random.nextInt(500)];
        random.nextBytes(garbage);
        sends(
            client,
            i % 2 == 0
                ? garbage
                : Arrays.copyOf(RawWebSocket.upgradeRequest(), 1 + random.nextInt(100)));
      }
      if (port != node.adminPort() && port != node.grpcPort()) {
        serves();
      }
    } finally {
      for (RawWebSocket client : clients) {
        client.close();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("ports")
  void a_request_cut_anywhere_does_no_harm(int port) throws Exception {
    byte[] request = RawWebSocket.upgradeRequest("Content-Length: 5", "Expect: 100-continue");
    for (int length = 1; length < request.length; length += 7) {
      try (RawWebSocket client = RawWebSocket.connect(port)) {
        sends(client, Arrays.copyOf(request, length));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("ports")
  void heads_beyond_the_limits_are_refused(int port) throws Exception {
    String start = "GET / HTTP/1.1\r\nHost: localhost\r\n";
    for (String head :
        List.of(
            "GET /" + "a".repeat(200_000) + " HTTP/1.1\r\n\r\n",
            "GET /acc?" + "a=b&".repeat(50_000) + " HTTP/1.1\r\n\r\n",
            start + "X: " + "y".repeat(200_000) + "\r\n\r\n",
            start + "X: y\r\n".repeat(30_000) + "\r\n",
            "A".repeat(300_000))) {
      assertThat(exchange(port, head.getBytes(StandardCharsets.US_ASCII)))
          .doesNotStartWith("HTTP/1.1 2")
          .doesNotStartWith("HTTP/1.1 101");
    }
  }

  @Test
  void odd_paths_are_answered_with_not_found_or_bad_request() throws Exception {
    for (int port : List.of(node.wsPort(), node.httpPort(), node.adminPort())) {
      for (String path :
          List.of(
              "/%00",
              "/%ff%fe",
              "/..%2f..%2fetc/passwd",
              "/../../etc/passwd",
              "//acc",
              "/acc%",
              "/%zz",
              "/\u0001",
              "*",
              "http://example.org/acc2",
              "/user/list/../../x",
              "/" + "%C3%28".repeat(100))) {
        String answer =
            exchange(port, "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertThat(answer)
            .as("port %d, %s", port, path)
            .matches(a -> a.isEmpty() || a.matches("(?s)HTTP/1.1 (30[1278]|4\\d\\d) .*"));
      }
    }
  }

  @Test
  void odd_parameters_of_prims_routes_are_refused_or_mean_nothing() throws Exception {
    for (String query :
        List.of(
            "appID=101&userID=%00",
            "appID=%ff",
            "appID=99999999999999999999",
            "appID=-1",
            "appID=1e3",
            "appID[]=1",
            "appID=101&appID=102&userID=%ED%A0%80",
            "&&&=&=;",
            "userID=" + "u".repeat(3000))) {
      String answer =
          exchange(
              node.httpPort(),
              "GET /user/online?" + query + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(answer).as(query).matches("(?s)HTTP/1.1 (200|400) .*");
      assertThat(answer).as(query).doesNotContain("\"online\":true");
    }
    String form = "appID=101&userID=%ff%00&msgID=%ED%A0%80&message=%f0%28";
    String post =
        "POST /user/sendMessageAll HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + "Content-Length: "
            + form.length()
            + "\r\n\r\n"
            + form;
    assertThat(exchange(node.httpPort(), post)).startsWith("HTTP/1.1 ");
    String large =
        post.replaceFirst("Content-Length: \\d+", "Content-Length: 1000000")
            + "x".repeat(1_000_000 - form.length());
    assertThat(exchange(node.httpPort(), large)).doesNotStartWith("HTTP/1.1 2");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void random_frames_end_with_a_close_frame_or_the_connection(long seed) throws Exception {
    Random random = new Random(seed);
    for (int i = 0; i < 40; i++) {
      try (RawWebSocket client = RawWebSocket.open(node.wsPort())) {
        byte[] garbage = new byte[200 + random.nextInt(2_000)];
        random.nextBytes(garbage);
        sends(client, garbage);
        client.socket().shutdownOutput();
        drain(client); // ends, whatever it was
      }
    }
  }

  @Test
  void a_message_beyond_the_limit_is_closed_with_1009_before_it_has_come() throws Exception {
    try (RawWebSocket client = RawWebSocket.open(node.wsPort())) {
      client.send(
          Arrays.copyOf(
              RawWebSocket.frame(RawWebSocket.FIN | RawWebSocket.TEXT, " ".repeat(65_537)), 20));
      assertThat(client.readClose().closeCode()).isEqualTo(1009);
    }
    try (RawWebSocket client = RawWebSocket.open(node.wsPort())) {
      client.send(
          new byte[] {
            (byte) 0x81, (byte) 0xFF, 0x7F, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0
          }); // 2⁶³−1 bytes
      assertThat(client.readClose().closeCode()).isEqualTo(1009);
    }
  }

  @Test
  void text_that_is_not_utf8_is_closed_with_1007() throws Exception {
    for (byte[] wrong :
        List.of(
            new byte[] {(byte) 0xFF},
            new byte[] {'{', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '}'},
            new byte[] {(byte) 0xC0, (byte) 0x80})) {
      try (RawWebSocket client = RawWebSocket.open(node.wsPort())) {
        client.send(RawWebSocket.frame(RawWebSocket.FIN | RawWebSocket.TEXT, wrong));
        assertThat(client.readClose().closeCode()).isEqualTo(1007);
      }
    }
  }

  @Test
  void what_is_no_request_is_told_so_and_the_connection_stays() throws Exception {
    try (RawWebSocket client = RawWebSocket.open(node.wsPort())) {
      for (String wrong :
          List.of(
              "",
              " ",
              "\u0000",
              "{",
              "[]",
              "1",
              "\"x\"",
              "true",
              "{}{}",
              "{\"seq\":1}",
              "{\"seq\":[]}",
              "{\"action\":{}}",
              "{\"seq\":\"1\",\"action\":\"ping\"",
              "{'seq':'1'}",
              "{\"seq\":\"a\u0000b\"}",
              "{\"seq\":\"\\x\"}",
              "{\"seq\":NaN}",
              "{\"data\":1e999}",
              "{\"data\":-1e99999999999}",
              "{\"data\":01}",
              "{\"data\":" + "9".repeat(5_000) + "}",
              "{\"data\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}",
              "{\"other\":" + "[".repeat(10_000),
              "{\"data\":" + "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000) + "}",
              "{\"" + "k".repeat(60_000) + "\":1}",
              "\uFEFF{\"seq\":\"1\",\"action\":\"ping\"}",
              "\u0000{\u0000}",
              "{\"data\":\"\\ud8\"}")) {
        client.sendText(wrong);
        assertThat(client.readText())
            .as(wrong.substring(0, Math.min(40, wrong.length())))
            .isEqualTo(MALFORMED);
      }
      client.sendText("{\"seq\":\"z\",\"action\":\"ping\"}");
      assertThat(new JsonObject(client.readText()).getString("seq")).isEqualTo("z");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void requests_with_random_changes_are_answered_and_the_connection_stays(long seed)
      throws Exception {
    Random random = new Random(seed);
    List<String> seeds =
        List.of(
            "{\"seq\":\"1\",\"action\":\"send\",\"data\":{\"to\":{\"user\":\"bob\"},\"cid\":\"7\",\"type\":\"text\",\"msg\":\"h\\u00e9\"}}",
            "{\"seq\":\"1\",\"action\":\"sync\",\"data\":{\"cursors\":{\"direct:alice:bob\":{\"epoch\":\"k3\",\"offset\":17}},\"limit\":20}}",
            "{\"seq\":\"1\",\"cmd\":\"heartbeat\",\"data\":{\"userId\":\"x\",\"cursors\":{}}}",
            "{\"seq\":\"1\",\"action\":\"room.create\",\"data\":{\"room\":\"r\",\"members\":[\"bob\"],\"join\":\"open\"}}");
    try (RawWebSocket client = RawWebSocket.open(node.wsPort())) {
      client.sendText(
          "{\"seq\":\"0\",\"action\":\"login\",\"data\":{\"v\":1,\"userId\":\"mutant\"}}");
      client.readText();
      for (int i = 0; i < 400; i++) {
        StringBuilder text = new StringBuilder(seeds.get(random.nextInt(seeds.size())));
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
          int at = random.nextInt(text.length());
          switch (random.nextInt(3)) {
            case 0 -> text.setCharAt(at, (char) (32 + random.nextInt(95)));
            case 1 -> text.deleteCharAt(at);
            default -> text.insert(at, text.charAt(random.nextInt(text.length())));
          }
        }
        client.sendText(text.toString());
        client.sendText("{\"seq\":\"end" + i + "\",\"action\":\"ping\"}");
        String frame = client.readText();
        while (!frame.contains("\"end" + i + '"')) {
          assertThat(frame).doesNotContain("\"code\":1004");
          frame = client.readText();
        }
      }
    }
  }

  /** Sends it all and returns what comes until the end, or until there is nothing more for now. */
  private static String exchange(int port, byte[] bytes) throws IOException {
    try (RawWebSocket client = RawWebSocket.connect(port)) {
      if (sends(client, bytes)) {
        try {
          client.socket().shutdownOutput();
        } catch (SocketException gone) {
          return "";
        }
      }
      return drain(client);
    }
  }

  private static String exchange(int port, String text) throws IOException {
    return exchange(port, text.getBytes(StandardCharsets.UTF_8));
  }

  private static boolean sends(RawWebSocket client, byte[] bytes) throws IOException {
    try {
      client.send(bytes);
      return true;
    } catch (SocketException refused) {
      return false; // the node had enough before it had read all
    }
  }

  private static String drain(RawWebSocket client) throws IOException {
    try {
      return client.readAll();
    } catch (SocketException | EOFException reset) {
      return "";
    }
  }
}
