package im.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/**
 * A client of the native protocol for tests: asks and waits for the answer, and keeps the pushes
 * that come in between. For one thread.
 */
public final class ChatClient implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private final WireClient wire;
  private final Deque<JsonObject> pushes = new ArrayDeque<>();
  private long lastSeq;

  /** Connects to a node's WebSocket port. */
  public ChatClient(int port) {
    wire = new WireClient(URI.create("ws://127.0.0.1:" + port + "/acc"));
  }

  /** Connects and logs in natively. */
  public static ChatClient login(int port, String user, String device) {
    ChatClient client = new ChatClient(port);
    client.ask("login", loginData(user, device));
    return client;
  }

  /** The data of a native login without a token. */
  public static JsonObject loginData(String user, String device) {
    return new JsonObject()
        .put("v", 1)
        .put("userId", user)
        .put("platform", "web")
        .put("device", device);
  }

  /** Sends a request and returns its seq. */
  public String post(String action, JsonObject data) {
    String seq = Long.toString(++lastSeq);
    wire.sendText(
        new JsonObject().put("seq", seq).put("action", action).put("data", data).encode());
    return seq;
  }

  /** Sends bare text. */
  public void raw(String text) {
    wire.sendText(text);
  }

  /** Asks, expects success, and returns the data. */
  public JsonObject ask(String action, JsonObject data) {
    JsonObject response = response(action, data);
    assertThat(response.getInteger("code")).as("%s answered %s", action, response).isEqualTo(200);
    return response.getValue("data") instanceof JsonObject object ? object : new JsonObject();
  }

  /** Asks and returns the code. */
  public int code(String action, JsonObject data) {
    return response(action, data).getInteger("code");
  }

  /** Asks and returns the response: code, codeMsg, data. */
  public JsonObject response(String action, JsonObject data) {
    String seq = post(action, data);
    return await(frame -> !isPush(frame) && seq.equals(frame.getString("seq")))
        .getJsonObject("response");
  }

  /** Sends a text to a user. */
  public JsonObject send(String to, String cid, String text) {
    return ask("send", message(to, cid, text));
  }

  /** The data of a send to a user. */
  public static JsonObject message(String to, String cid, String text) {
    return new JsonObject()
        .put("to", new JsonObject().put("user", to))
        .put("cid", cid)
        .put("type", "text")
        .put("msg", text);
  }

  /** Everything that the user has, by syncing until there is no more. */
  public List<JsonObject> syncAll() {
    List<JsonObject> messages = new ArrayList<>();
    JsonObject cursors = new JsonObject();
    JsonObject page;
    do {
      page = ask("sync", new JsonObject().put("cursors", cursors));
      for (Object each : page.getJsonArray("conversations", new JsonArray())) {
        JsonObject part = (JsonObject) each;
        for (Object message : part.getJsonArray("messages")) {
          messages.add((JsonObject) message);
          cursors.put(
              part.getString("conversation"),
              new JsonObject()
                  .put("epoch", part.getString("epoch"))
                  .put("offset", ((JsonObject) message).getLong("offset")));
        }
      }
    } while (page.getBoolean("more"));
    return messages;
  }

  /**
   * The next frame that is no answer to {@link #ask}, or the next push kept; fails when none comes
   * in time.
   */
  public JsonObject push(String action) {
    for (JsonObject push : pushes) {
      if (action.equals(verb(push))) {
        pushes.remove(push);
        return data(push);
      }
    }
    return data(await(frame -> isPush(frame) && action.equals(verb(frame))));
  }

  /**
   * Reads presence pushes until one says {@code online}. The last state wins: that of a login from
   * just before may still come after the answer to {@code watch}, and before routes are whole one
   * that knows a part of the cluster.
   */
  public void awaitPresence(boolean online) {
    while (push("presence").getBoolean("online") != online) {}
  }

  /** The next frame that matches; others that are pushes are kept. */
  public JsonObject await(Predicate<JsonObject> wanted) {
    while (true) {
      WireClient.Event event = wire.next(DEADLINE);
      assertThat(event).as("a frame within %s", DEADLINE).isInstanceOf(WireClient.Text.class);
      JsonObject frame = new JsonObject(((WireClient.Text) event).text());
      if (wanted.test(frame)) {
        return frame;
      }
      if (isPush(frame)) {
        pushes.add(frame);
      }
    }
  }

  /** The next frame, or null when the connection has ended. */
  public JsonObject frameOrEnd() {
    WireClient.Event event = wire.next(DEADLINE);
    assertThat(event).as("a frame or the end within %s", DEADLINE).isNotNull();
    return event instanceof WireClient.Text text ? new JsonObject(text.text()) : null;
  }

  /**
   * Asks, and returns the very next frame, whatever it is, or null when the connection has ended.
   */
  public JsonObject frameOrEndAfter(String action, JsonObject data) {
    post(action, data);
    return frameOrEnd();
  }

  /** The code with which the server closes; pushes before it are kept. */
  public int closeCode() {
    while (true) {
      WireClient.Event event = wire.next(DEADLINE);
      assertThat(event).as("a close within %s", DEADLINE).isNotNull();
      if (event instanceof WireClient.Closed closed) {
        return closed.code();
      }
      JsonObject frame = new JsonObject(((WireClient.Text) event).text());
      if (isPush(frame)) {
        pushes.add(frame);
      }
    }
  }

  private static boolean isPush(JsonObject frame) {
    return "Ok".equals(frame.getJsonObject("response").getString("codeMsg"));
  }

  private static String verb(JsonObject frame) {
    return frame.getString("action", frame.getString("cmd"));
  }

  private static JsonObject data(JsonObject push) {
    return push.getJsonObject("response").getJsonObject("data");
  }

  @Override
  public void close() {
    wire.close();
  }
}
