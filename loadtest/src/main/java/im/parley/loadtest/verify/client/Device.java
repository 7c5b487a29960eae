package im.parley.loadtest.verify.client;

import im.parley.loadtest.verify.history.Event.Closed;
import im.parley.loadtest.verify.history.Event.Complete;
import im.parley.loadtest.verify.history.Event.Connected;
import im.parley.loadtest.verify.history.Event.LoggedIn;
import im.parley.loadtest.verify.history.Event.Place;
import im.parley.loadtest.verify.history.Event.Pushed;
import im.parley.loadtest.verify.history.Event.Synced;
import im.parley.loadtest.verify.history.Stored;
import im.parley.loadtest.wire.Target;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.WebSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * One device of a user: the correct client of the protocol's description, which writes down all
 * that it does and hears. Event loop only.
 */
final class Device {
  /** Small enough that a backlog takes several pages. */
  private static final int SYNC_LIMIT = 100;

  private final Net net;
  private final String name;
  private final String user;
  private final boolean logsInWithCursors;

  // Event loop only
  private final Cursors cursors = new Cursors();
  private final Sending sending;
  private Calls calls;
  private long session;
  private int target;
  private int attempt;
  private boolean live;
  private boolean syncing;
  private boolean syncAgain;
  private Promise<Void> completing;
  private boolean stopped;

  /**
   * @param number decides where it connects first and how it catches up
   */
  Device(Net net, String user, int device, int number) {
    this.net = net;
    this.user = user;
    this.name = user + "/" + device;
    this.target = number % net.settings().targets().size();
    this.logsInWithCursors = number / net.settings().targets().size() % 2 == 0;
    this.sending = new Sending(net, this);
  }

  String name() {
    return name;
  }

  String user() {
    return user;
  }

  boolean isLive() {
    return live;
  }

  /** What it has to say. */
  Sending sending() {
    return sending;
  }

  void connect() {
    if (stopped) {
      return;
    }
    Target to = net.settings().targets().get(target);
    net.connect(to).onComplete(socket -> opened(to, socket), failure -> retry());
  }

  private void retry() {
    target = net.otherTarget(target);
    net.vertx().setTimer(net.backoffMillis(attempt++), due -> connect());
  }

  private void opened(Target to, WebSocket socket) {
    if (stopped) {
      socket.close();
      return;
    }
    long mine = net.recorder().nextSession();
    session = mine;
    net.recorder().record(new Connected(name, mine, to.toString()));
    calls =
        new Calls(
            net.vertx(),
            socket,
            net.settings().patience(),
            new Calls.Listener() {
              @Override
              public void onPush(String action, JsonObject data) {
                handlePush(action, data);
              }

              @Override
              public void onEnd(int code) {
                handleEnd(mine, code);
              }
            });
    JsonObject login = new JsonObject().put("v", 1).put("userId", user).put("device", name);
    if (logsInWithCursors) {
      login.put("cursors", cursors.json());
    }
    Calls current = calls;
    current
        .call("login", login)
        // Without a login the connection is of no use.
        .onComplete(reply -> loggedIn(reply), failure -> current.close());
  }

  private void loggedIn(JsonObject reply) {
    net.recorder().record(new LoggedIn(name, session, reply.getString("node")));
    attempt = 0;
    live = true;
    if (!logsInWithCursors || completing != null) {
      syncSoon();
    }
    scheduleHeartbeat(calls);
    sending.begin(calls, session);
  }

  private void handleEnd(long ended, int code) {
    net.recorder().record(new Closed(name, ended, code));
    live = false;
    syncing = false;
    syncAgain = false;
    sending.end();
    if (!stopped) {
      // Also after a close that says to stay away: the history has it, and the rest is still of
      // use.
      retry();
    }
  }

  private void scheduleHeartbeat(Calls current) {
    net.vertx()
        .setTimer(
            net.settings().heartbeat().toMillis(),
            due -> {
              if (live && current == calls) {
                current
                    .call("heartbeat", new JsonObject().put("cursors", cursors.json()))
                    .onSuccess(this::heard);
                scheduleHeartbeat(current);
              }
            });
  }

  private void heard(JsonObject heartbeat) {
    if (!heartbeat.getJsonArray("conversations").isEmpty()) {
      syncSoon();
    }
  }

  private void handlePush(String action, JsonObject data) {
    switch (action) {
      case "msg" -> {
        String conversation = data.getString("conversation");
        String epoch = data.getString("epoch");
        Stored message = Stored.of(data);
        net.recorder().record(new Pushed(name, session, conversation, epoch, message));
        take(conversation, epoch, message.offset());
      }
      case "resync" -> syncSoon();
      case "drain" -> leaveWithin(data.getInteger("afterMs"));
      default -> {
        // receipts, presence, rooms: not judged
      }
    }
  }

  private void leaveWithin(int millis) {
    Calls leaving = calls;
    net.vertx().setTimer(1 + net.random().nextInt(Math.max(1, millis)), due -> leaving.close());
  }

  /** The cursor rule, for a message that came in whatever way. */
  void take(String conversation, String epoch, long offset) {
    if (!cursors.take(conversation, epoch, offset)) {
      syncSoon();
    }
  }

  private void syncSoon() {
    if (!live) {
      return;
    }
    if (syncing) {
      syncAgain = true;
    } else {
      syncing = true;
      sync(calls);
    }
  }

  private void sync(Calls on) {
    syncAgain = false;
    JsonObject asked = cursors.json();
    on.call("sync", new JsonObject().put("cursors", asked).put("limit", SYNC_LIMIT))
        .onComplete(
            reply -> synced(on, asked, reply),
            failure -> {
              if (failure instanceof ErrorReply error) {
                long wait = error.isRetryable() ? net.retryMillis(error) : net.backoffMillis(2);
                net.vertx()
                    .setTimer(
                        wait,
                        due -> {
                          if (live && on == calls) {
                            sync(on);
                          }
                        });
              }
            });
  }

  private void synced(Calls on, JsonObject asked, JsonObject reply) {
    JsonArray conversations = reply.getJsonArray("conversations");
    for (int i = 0; i < conversations.size(); i++) {
      take(asked, conversations.getJsonObject(i));
    }
    if (reply.getBoolean("more") || syncAgain) {
      sync(on);
      return;
    }
    syncing = false;
    if (completing != null && !completing.future().isComplete()) {
      net.recorder().record(new Complete(name, session));
      completing.complete();
    }
  }

  private void take(JsonObject asked, JsonObject entry) {
    String conversation = entry.getString("conversation");
    String epoch = entry.getString("epoch");
    long head = entry.getLong("head");
    JsonObject gap = entry.getJsonObject("gap");
    JsonObject had = asked.getJsonObject(conversation);
    Place cursor = had == null ? null : new Place(had.getString("epoch"), had.getLong("offset"));
    List<Stored> messages =
        entry.getJsonArray("messages").stream()
            .map(JsonObject.class::cast)
            .map(Stored::of)
            .toList();
    net.recorder()
        .record(
            new Synced(
                name,
                session,
                conversation,
                cursor,
                epoch,
                head,
                gap == null ? 0 : gap.getLong("to"),
                entry.getBoolean("more"),
                messages));
    Place now = cursors.get(conversation);
    boolean rolledBack = cursor != null && cursor.epoch().equals(epoch) && head < cursor.offset();
    if (now == null || !now.epoch().equals(epoch) || rolledBack) {
      cursors.reset(conversation, epoch);
    }
    if (gap != null) {
      cursors.skip(conversation, epoch, gap.getLong("to"));
    }
    messages.forEach(message -> take(conversation, epoch, message.offset()));
  }

  /** Completes when it has synced, on whatever connection, until there is no more. */
  Future<Void> complete() {
    completing = Promise.promise();
    syncSoon();
    return completing.future();
  }

  /** Leaves and does not come back. */
  void stop() {
    stopped = true;
    if (calls != null) {
      calls.close();
    }
  }
}
