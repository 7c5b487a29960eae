package im.parley.loadtest.verify.client;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One connection: its requests with their replies, its pushes, its end. A reply that takes too long
 * ends it. Event loop only.
 */
final class Calls {
  /** Stands for an end without a close frame. */
  static final int NO_CLOSE_FRAME = 1006;

  private static final int OK = 200;
  private static final int NORMAL = 1000;

  /** What its owner hears. */
  interface Listener {
    void onPush(String action, JsonObject data);

    /** Called once, after every unanswered call has failed. */
    void onEnd(int code);
  }

  private final Vertx vertx;
  private final WebSocket socket;
  private final Duration patience;
  private final Listener listener;

  // Event loop only
  private final Map<String, Promise<JsonObject>> waiting = new HashMap<>();
  private long seq;
  private boolean ended;

  Calls(Vertx vertx, WebSocket socket, Duration patience, Listener listener) {
    this.vertx = vertx;
    this.socket = socket;
    this.patience = patience;
    this.listener = listener;
    socket.textMessageHandler(this::handleText);
    // A failed socket is a closed one; the close handler follows.
    socket.exceptionHandler(failure -> {});
    socket.closeHandler(
        closed ->
            end(socket.closeStatusCode() == null ? NO_CLOSE_FRAME : socket.closeStatusCode()));
  }

  /**
   * Sends a request. The reply's data, null if that is no object; fails with {@link ErrorReply} or
   * {@link Unanswered}.
   */
  Future<JsonObject> call(String action, JsonObject data) {
    if (ended) {
      return Future.failedFuture(new Unanswered());
    }
    String key = "c" + ++seq;
    Promise<JsonObject> promise = Promise.promise();
    waiting.put(key, promise);
    socket.writeTextMessage(
        new JsonObject().put("seq", key).put("action", action).put("data", data).encode());
    vertx.setTimer(
        patience.toMillis(),
        late -> {
          if (waiting.containsKey(key)) {
            close(NO_CLOSE_FRAME);
          }
        });
    return promise.future();
  }

  private void handleText(String text) {
    if (ended) {
      return;
    }
    JsonObject frame = new JsonObject(text);
    String action = frame.getString("action");
    JsonObject response = frame.getJsonObject("response");
    JsonObject data = response.getValue("data") instanceof JsonObject object ? object : null;
    Promise<JsonObject> promise = waiting.remove(frame.getString("seq"));
    if (promise == null) {
      listener.onPush(action, data);
    } else if (response.getInteger("code") == OK) {
      promise.complete(data);
    } else {
      promise.fail(new ErrorReply(action, response));
    }
  }

  void close() {
    close(NORMAL);
  }

  private void close(int code) {
    if (!ended) {
      socket.close();
      end(code);
    }
  }

  private void end(int code) {
    if (!ended) {
      ended = true;
      List<Promise<JsonObject>> unanswered = List.copyOf(waiting.values());
      waiting.clear();
      unanswered.forEach(promise -> promise.fail(new Unanswered()));
      listener.onEnd(code);
    }
  }
}
