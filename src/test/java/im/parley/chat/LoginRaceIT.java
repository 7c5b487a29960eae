package im.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.ChatClient;
import im.parley.testing.LeakWatch;
import im.parley.testing.RawWebSocket;
import im.parley.testing.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Logins at the same instant, and logins whose connection does not wait for the answer. */
@ExtendWith(LeakWatch.class)
class LoginRaceIT {
  private static final int THREADS = 8;

  @TempDir static Path data;
  private static TestNode node;
  private static ExecutorService threads;

  @BeforeAll
  static void start() throws Exception {
    node =
        TestNode.start(
            data, "chat.lobby-announce-limit=20", "sessions.offline-grace=0s", "server.event-loops=4");
    threads = Executors.newFixedThreadPool(THREADS);
  }

  @AfterAll
  static void stop() throws Exception {
    threads.shutdownNow();
    node.close();
  }

  @RepeatedTest(3)
  void of_200_logins_of_one_device_one_stays_and_has_the_messages(RepetitionInfo round) throws Exception {
    String user = "racer" + round.getCurrentRepetition();
    List<ChatClient> clients = new ArrayList<>();
    try (ChatClient sender = ChatClient.login(node.wsPort(), "sender", "")) {
      for (int i = 0; i < 200; i++) {
        clients.add(new ChatClient(node.wsPort()));
      }
      atOnce(clients, client -> client.post("login", ChatClient.loginData(user, "phone")));
      List<ChatClient> in = new ArrayList<>();
      for (ChatClient client : clients) {
        if (outcome(client) == 200) {
          in.add(client);
        }
      }
      // Every login has been answered, so nothing is under way that could still replace anyone.
      sender.send(user, "to-the-survivor-" + user, "hello");
      int survivors = 0;
      for (ChatClient client : in) {
        JsonObject end = untilMessageOrEnd(client);
        survivors += end == null ? 0 : 1;
      }
      assertThat(survivors).isEqualTo(1);
      assertThat(sender.ask("presence", users(user)).getJsonArray("users").getJsonObject(0))
          .isEqualTo(
              new JsonObject()
                  .put("user", user)
                  .put("online", true)
                  .put("platforms", new JsonArray().add("web")));
    } finally {
      clients.forEach(ChatClient::close);
    }
  }

  @Test
  void of_400_prim_logins_right_after_connecting_none_is_lost() throws Exception {
    List<RawWebSocket> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 400; i++) {
        clients.add(RawWebSocket.connect(node.wsPort()));
      }
      List<Integer> numbers = IntStream.range(0, 400).boxed().toList();
      atOnce(
          numbers,
          i ->
              clients
                  .get(i)
                  .send(
                      RawWebSocket.concat(
                          RawWebSocket.upgradeRequest(), textFrame(primLogin("user" + i, 101)))));
      for (RawWebSocket client : clients) {
        assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
        assertThat(nextReply(client).getInteger("code")).isEqualTo(200);
      }
      assertThat(node.prim("/user/list?appID=101").getInteger("userCount")).isEqualTo(400);
      assertThat(node.prim("/system/state").getJsonObject("managerInfo").getInteger("usersLen"))
          .isEqualTo(400);
      node.primPost(
          "/user/sendMessageAll",
          Map.of("appID", "101", "userID", "outsider", "msgID", "all-400", "message", "everyone"));
      for (RawWebSocket client : clients) {
        assertThat(nextNews(client)).isEqualTo("everyone");
      }
    } finally {
      for (RawWebSocket client : clients) {
        client.close();
      }
    }
  }

  @RepeatedTest(5)
  void of_many_prim_logins_of_one_identity_one_owns_it(RepetitionInfo round) throws Exception {
    String user = "twin" + round.getCurrentRepetition();
    List<RawWebSocket> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 40; i++) {
        clients.add(RawWebSocket.open(node.wsPort()));
      }
      atOnce(clients, client -> client.sendText(primLogin(user, 102)));
      for (RawWebSocket client : clients) {
        assertThat(nextReply(client).getInteger("code")).isEqualTo(200);
      }
      node.primPost(
          "/user/sendMessage",
          Map.of("appID", "102", "userID", user, "msgID", "twin-" + user, "message", "owner"));
      int owners = 0;
      for (RawWebSocket client : clients) {
        client.sendText("{\"seq\":\"end\",\"cmd\":\"ping\"}");
        owners += "owner".equals(newsBeforeReply(client)) ? 1 : 0;
      }
      assertThat(owners).isEqualTo(1);
    } finally {
      for (RawWebSocket client : clients) {
        client.close();
      }
    }
  }

  @Test
  void a_connection_that_goes_while_it_logs_in_leaves_nobody_behind() throws Exception {
    try (ChatClient watcher = ChatClient.login(node.wsPort(), "watcher", "")) {
      List<Integer> numbers = IntStream.range(0, 300).boxed().toList();
      atOnce(
          numbers,
          i -> {
            RawWebSocket client = RawWebSocket.open(node.wsPort());
            client.sendText(login("ghost" + i % 30, "device" + i % 3));
            client.socket().setSoLinger(true, 0); // a reset, as when a phone loses its network
            client.close();
          });
      JsonArray ghosts = new JsonArray();
      IntStream.range(0, 30).forEach(i -> ghosts.add("ghost" + i));
      TestNode.await(
          () -> watcher.ask("presence", new JsonObject().put("users", ghosts)).encode(),
          states -> !states.contains("\"online\":true"),
          "the presence of ghosts");
      node.awaitMetric("parley_sessions{kind=\"native\"}", sessions -> sessions == 1);
    }
  }

  @Test
  void requests_in_one_segment_with_the_login_are_answered_in_order() throws Exception {
    try (RawWebSocket client = RawWebSocket.connect(node.wsPort())) {
      client.send(
          RawWebSocket.concat(
              RawWebSocket.upgradeRequest(),
              textFrame(login("hasty", "")),
              textFrame(send("2", "first")),
              textFrame(send("3", "second")),
              textFrame("{\"seq\":\"4\",\"action\":\"sync\"}")));
      assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
      assertThat(new JsonObject(client.readText()).getString("action")).isEqualTo("login");
      List<JsonObject> replies = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        JsonObject frame = new JsonObject(client.readText());
        assertThat(frame.getJsonObject("response").getInteger("code")).as(frame.encode()).isEqualTo(200);
        replies.add(frame);
      }
      replies.removeIf(frame -> frame.getString("seq").equals("4")); // reads do not wait for writes
      assertThat(replies).extracting(frame -> frame.getString("seq")).containsExactly("2", "3");
      assertThat(replies)
          .extracting(frame -> frame.getJsonObject("response").getJsonObject("data").getInteger("offset"))
          .containsExactly(1, 2);
    }
  }

  /** The code of a login's reply, or that with which the connection was closed before one. */
  private static int outcome(ChatClient client) {
    JsonObject frame = client.frameOrEnd();
    while (frame != null && !frame.getString("action", "").equals("login")) {
      frame = client.frameOrEnd();
    }
    if (frame == null) {
      return 0;
    }
    int code = frame.getJsonObject("response").getInteger("code");
    assertThat(code).as("the reply to a login that raced, %s", frame).isIn(200, 1009);
    return code;
  }

  /** The next stored message, or null when the connection ends first. */
  private static JsonObject untilMessageOrEnd(ChatClient client) {
    JsonObject frame = client.frameOrEnd();
    while (frame != null && !frame.getString("action", "").equals("msg")) {
      if (frame.getString("action", "").equals("kick")) {
        assertThat(frame.getJsonObject("response").getJsonObject("data").getInteger("code")).isEqualTo(4500);
      }
      frame = client.frameOrEnd();
    }
    return frame;
  }

  private static JsonObject nextReply(RawWebSocket client) throws Exception {
    while (true) {
      JsonObject response = new JsonObject(client.readText()).getJsonObject("response");
      if (!"Ok".equals(response.getString("codeMsg"))) {
        return response;
      }
    }
  }

  /** What the next push but for enter and exit says. */
  private static String nextNews(RawWebSocket client) throws Exception {
    while (true) {
      JsonObject frame = new JsonObject(client.readText());
      if ("msg".equals(frame.getString("cmd"))) {
        return frame.getJsonObject("response").getJsonObject("data").getString("msg");
      }
    }
  }

  private static String newsBeforeReply(RawWebSocket client) throws Exception {
    String news = null;
    while (true) {
      JsonObject frame = new JsonObject(client.readText());
      if ("end".equals(frame.getString("seq"))) {
        return news;
      }
      if ("msg".equals(frame.getString("cmd"))) {
        news = frame.getJsonObject("response").getJsonObject("data").getString("msg");
      }
    }
  }

  private static String login(String user, String device) {
    return new JsonObject()
        .put("seq", "1")
        .put("action", "login")
        .put("data", ChatClient.loginData(user, device))
        .encode();
  }

  private static String send(String seq, String text) {
    return new JsonObject()
        .put("seq", seq)
        .put("action", "send")
        .put("data", ChatClient.message("somebody", text, text))
        .encode();
  }

  private static String primLogin(String user, int app) {
    return "{\"seq\":\"1\",\"cmd\":\"login\",\"data\":{\"userID\":\"" + user + "\",\"appID\":" + app + "}}";
  }

  private static byte[] textFrame(String text) {
    return RawWebSocket.frame(RawWebSocket.FIN | RawWebSocket.TEXT, text);
  }

  private static JsonObject users(String user) {
    return new JsonObject().put("users", new JsonArray().add(user));
  }

  private interface Step<T> {
    void take(T item) throws Exception;
  }

  /** Does it to all items, shared out to threads that begin together. */
  private static <T> void atOnce(List<T> items, Step<T> step) throws Exception {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    List<Callable<Void>> shares = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      int share = t;
      shares.add(
          () -> {
            start.await();
            for (int i = share; i < items.size(); i += THREADS) {
              step.take(items.get(i));
            }
            return null;
          });
    }
    for (Future<Void> done : threads.invokeAll(shares)) {
      done.get();
    }
  }
}
