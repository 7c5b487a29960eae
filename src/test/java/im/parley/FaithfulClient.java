package im.parley;

import im.parley.testing.WireClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A user who follows the protocol and writes all the time, on a thread of his own: keeps cursors,
 * sends a message again with its cid until it is acknowledged, and goes where a drain push says.
 */
final class FaithfulClient extends Thread {
  /** A message as a log has it. */
  record Entry(String conversation, long offset, String cid, String from) {}

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final int BACKOFF_MILLIS = 20;

  private final String user;
  private final List<JsonObject> targets;
  private final Supplier<URI> door;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch silent = new CountDownLatch(1);
  private final CountDownLatch last = new CountDownLatch(1);
  // This thread only, until it has ended
  private final Map<String, JsonObject> cursors = new TreeMap<>();
  private final List<Entry> log = new ArrayList<>();
  private final Map<String, Entry> acknowledged = new LinkedHashMap<>();
  private WireClient wire;
  private URI detour;
  private boolean behind;
  private long lastSeq;
  private int written;
  private volatile int confirmed;
  private volatile int pushed;
  private volatile int followed;
  private volatile Throwable fault;

  /** {@code door} names some node each time it is asked. */
  FaithfulClient(String user, List<JsonObject> targets, Supplier<URI> door) {
    super(user);
    this.user = user;
    this.targets = targets;
    this.door = door;
  }

  @Override
  public void run() {
    try {
      while (stop.getCount() > 0) {
        write();
      }
      silent.countDown();
      last.await();
      while (!isSynced()) {
        backOff();
      }
    } catch (Exception | AssertionError e) {
      fault = e;
    } finally {
      silent.countDown();
      leave();
    }
  }

  /** Sends one message until it is acknowledged. */
  private void write() throws InterruptedException {
    String cid = user + '-' + written;
    JsonObject target = targets.get(written % targets.size());
    written++;
    while (!isWritten(cid, target)) {
      backOff();
    }
  }

  private boolean isWritten(String cid, JsonObject target) {
    try {
      enter();
      if (behind) {
        sync();
      }
      JsonObject response =
          ask(
              "send",
              new JsonObject()
                  .put("to", target)
                  .put("cid", cid)
                  .put("type", "text")
                  .put("msg", "x"));
      JsonObject data = response.getJsonObject("data");
      if (response.getInteger("code") != 200) {
        if (data.getInteger("retryAfterMs") == null) {
          throw new AssertionError("refused for good: " + response);
        }
        return false;
      }
      acknowledged.put(cid, entry(data.copy().put("cid", cid).put("from", user)));
      take(data.put("cid", cid).put("from", user));
      confirmed = acknowledged.size();
      for (WireClient.Event event = wire.next(PAUSE); event != null; event = wire.next(PAUSE)) {
        handle(event);
      }
      return true;
    } catch (Gone gone) {
      leave();
      return acknowledged.containsKey(cid);
    }
  }

  private boolean isSynced() {
    try {
      enter();
      sync();
      return true;
    } catch (Gone gone) {
      leave();
      return false;
    }
  }

  private void enter() throws Gone {
    if (wire != null) {
      return;
    }
    URI uri = detour == null ? door.get() : detour;
    followed += detour == null ? 0 : 1;
    detour = null;
    try {
      wire = new WireClient(uri);
    } catch (CompletionException refused) {
      throw new Gone();
    }
    JsonObject login =
        ask("login", new JsonObject().put("v", 1).put("userId", user).put("platform", "web"));
    if (login.getInteger("code") != 200) {
      throw new Gone();
    }
    sync();
  }

  private void sync() throws Gone {
    behind = false;
    JsonObject page;
    do {
      JsonObject asked = new JsonObject();
      cursors.forEach(asked::put);
      page = ask("sync", new JsonObject().put("cursors", asked)).getJsonObject("data");
      if (page == null || page.getBoolean("more") == null) {
        throw new Gone(); // refused; it comes back
      }
      for (Object each : page.getJsonArray("conversations", new JsonArray())) {
        for (Object message : ((JsonObject) each).getJsonArray("messages")) {
          take((JsonObject) message);
        }
      }
    } while (page.getBoolean("more"));
  }

  private JsonObject ask(String action, JsonObject data) throws Gone {
    String seq = Long.toString(++lastSeq);
    try {
      wire.sendText(
          new JsonObject().put("seq", seq).put("action", action).put("data", data).encode());
    } catch (CompletionException closed) {
      // Its end, and pushes before, are read below.
    }
    while (true) {
      JsonObject frame = handle(wire.next(PATIENCE));
      if (frame != null && seq.equals(frame.getString("seq"))) {
        return frame.getJsonObject("response");
      }
    }
  }

  /** Takes a push; the frame, if it is a reply. */
  private JsonObject handle(WireClient.Event event) throws Gone {
    if (!(event instanceof WireClient.Text text)) {
      throw new Gone();
    }
    JsonObject frame = new JsonObject(text.text());
    JsonObject response = frame.getJsonObject("response");
    if (!"Ok".equals(response.getString("codeMsg"))) {
      return frame;
    }
    JsonObject data = response.getJsonObject("data");
    switch (frame.getString("action")) {
      case "msg" -> {
        pushed++;
        take(data);
      }
      case "resync" -> behind = true;
      case "drain" ->
          detour = data.containsKey("gateway") ? URI.create(data.getString("gateway")) : null;
      default -> {}
    }
    return null;
  }

  /** The cursor rule of the protocol. */
  private void take(JsonObject message) {
    String conversation = message.getString("conversation");
    String epoch = message.getString("epoch");
    JsonObject cursor = cursors.get(conversation);
    if (cursor != null && !epoch.equals(cursor.getString("epoch"))) {
      throw new AssertionError("the log was rebuilt: " + cursor + " and " + message);
    }
    long next = 1 + (cursor == null ? 0 : cursor.getLong("offset"));
    if (message.getLong("offset") == next) {
      log.add(entry(message));
      cursors.put(conversation, new JsonObject().put("epoch", epoch).put("offset", next));
    } else if (message.getLong("offset") > next) {
      behind = true;
    }
  }

  private static Entry entry(JsonObject message) {
    return new Entry(
        message.getString("conversation"),
        message.getLong("offset"),
        message.getString("cid"),
        message.getString("from"));
  }

  private void leave() {
    if (wire != null) {
      wire.close();
      wire = null;
    }
  }

  private void backOff() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(BACKOFF_MILLIS);
  }

  /** Lets it write no more; returns when its last message is acknowledged. */
  void silence() throws InterruptedException {
    stop.countDown();
    if (!silent.await(2, TimeUnit.MINUTES)) {
      throw new AssertionError(user + " does not get its last message through", fault);
    }
  }

  /** After {@link #silence}: lets it sync once more; returns when it has. */
  void finish() throws InterruptedException {
    last.countDown();
    join(TimeUnit.MINUTES.toMillis(2));
    if (isAlive() || fault != null) {
      throw new AssertionError(user + (isAlive() ? " does not end" : " failed"), fault);
    }
  }

  /** Messages acknowledged so far. Any thread. */
  int confirmed() {
    if (fault != null) {
      throw new AssertionError(user + " failed", fault);
    }
    return confirmed;
  }

  /** Messages that came by push so far. Any thread. */
  int pushed() {
    return pushed;
  }

  /** How often it went where a node sent it. Any thread. */
  int followed() {
    return followed;
  }

  /** Everything it has, in the order it was taken; after {@link #finish}. */
  List<Entry> log() {
    return log;
  }

  /** What was acknowledged to it by cid; after {@link #finish}. */
  Map<String, Entry> acknowledged() {
    return acknowledged;
  }

  /** The connection has ended, or was not to be had. */
  private static final class Gone extends Exception {
    private static final long serialVersionUID = 1;
  }
}
