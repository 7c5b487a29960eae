package im.parley.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.testing.ChatClient;
import im.parley.testing.LeakWatch;
import im.parley.testing.RawWebSocket;
import im.parley.testing.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Connections whose client says too little: logins and heartbeats keep them, nothing else does. */
@ExtendWith(LeakWatch.class)
class ExpiryIT {
  private static final int PACE_MILLIS = 100;
  private static final int MIN_ROUNDS = 50; // of a pace and more each, so longer than the expiry
  private static final int MAX_ROUNDS = 200;

  @TempDir Path data;

  @Test
  void the_silent_go_each_in_its_way_and_those_who_beat_stay() throws Exception {
    try (TestNode node =
            TestNode.start(
                data, "gateway.expiry=4s", "gateway.heartbeat=1s", "sessions.offline-grace=0s");
        ChatClient watcher = ChatClient.login(node.wsPort(), "watcher", "");
        RawWebSocket beating = RawWebSocket.open(node.wsPort());
        RawWebSocket idle = RawWebSocket.open(node.wsPort());
        RawWebSocket pinging = RawWebSocket.open(node.wsPort());
        RawWebSocket prim = RawWebSocket.open(node.wsPort());
        RawWebSocket busy = RawWebSocket.open(node.wsPort())) {
      assertThat(login(prim, primLogin("quiet"))).isEqualTo(200);
      assertThat(login(beating, primLogin("loud"))).isEqualTo(200);
      assertThat(login(busy, nativeLogin("busy"))).isEqualTo(200);
      JsonObject users = new JsonObject().put("users", new JsonArray().add("busy"));
      assertThat(watcher.ask("watch", users).encode()).contains("\"online\":true");

      boolean pingingOpen = true;
      boolean busyOpen = true;
      int busyClose = 0;
      int rounds = 0;
      for (; rounds < MAX_ROUNDS && (pingingOpen || busyOpen || rounds < MIN_ROUNDS); rounds++) {
        beating.sendText("{\"seq\":\"hb\",\"cmd\":\"heartbeat\",\"data\":{}}");
        watcher.ask("heartbeat", null);
        if (busyOpen) {
          busyClose = askAndLook(busy);
          busyOpen = busyClose == 0;
        }
        if (pingingOpen) {
          pingingOpen = askAndLook(pinging) == 0;
        }
        pause(beating);
      }
      assertThat(rounds).isLessThan(MAX_ROUNDS);
      assertThat(busyClose).isEqualTo(4002);
      busy.close();
      assertThat(idle.isGone()).isTrue(); // without a close frame, as prim
      watcher.awaitPresence(false);
      assertThat(watcher.code("heartbeat", null)).isEqualTo(200);
      assertThat(node.metric("parley_connections_expired_total")).isEqualTo(4);
      assertThat(node.metric("parley_closed_total{code=\"HEARTBEAT_MISSED\"}")).isEqualTo(1);
      assertThat(node.metric("parley_sessions{kind=\"prim\"}")).isEqualTo(1);
      assertThat(node.prim("/user/list?appID=101").getJsonArray("userList"))
          .containsExactly("loud");
      node.awaitMetric("parley_connections", connections -> connections == 2);
    }
  }

  /**
   * Pings, and reads what there is: 0 for nothing but answers, a close code, or -1 for the end
   * without one.
   */
  private static int askAndLook(RawWebSocket client) throws IOException {
    client.socket().setSoTimeout(PACE_MILLIS);
    try {
      client.sendText("{\"seq\":\"1\",\"action\":\"ping\"}");
      RawWebSocket.Frame frame = client.read();
      return frame.opcode() == RawWebSocket.CLOSE ? frame.closeCode() : 0;
    } catch (SocketTimeoutException nothingYet) {
      return 0;
    } catch (IOException ended) {
      return -1;
    }
  }

  /** Reads until nothing has come for a while. */
  private static void pause(RawWebSocket client) throws IOException {
    client.socket().setSoTimeout(PACE_MILLIS);
    try {
      while (true) {
        assertThat(client.read().opcode()).isEqualTo(RawWebSocket.TEXT);
      }
    } catch (SocketTimeoutException quiet) {
      assertThat(client.socket().isClosed()).isFalse();
    }
  }

  private static int login(RawWebSocket client, JsonObject data) throws IOException {
    client.sendText(
        new JsonObject().put("seq", "0").put("action", "login").put("data", data).encode());
    JsonObject frame = new JsonObject(client.readText());
    while (!"login".equals(frame.getString("action"))) {
      frame = new JsonObject(client.readText());
    }
    return frame.getJsonObject("response").getInteger("code");
  }

  private static JsonObject primLogin(String user) {
    return new JsonObject().put("userID", user).put("appID", 101);
  }

  private static JsonObject nativeLogin(String user) {
    return ChatClient.loginData(user, "");
  }
}
