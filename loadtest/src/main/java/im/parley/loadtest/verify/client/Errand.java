package im.parley.loadtest.verify.client;

import im.parley.loadtest.wire.Target;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;

/** A short visit of a user on a connection that is not part of the history. */
final class Errand {
  private final Net net;
  private final Target target;
  private final String user;

  Errand(Net net, Target target, String user) {
    this.net = net;
    this.target = target;
    this.user = user;
  }

  /** Connects, logs in, does {@code work} and leaves. */
  <T> Future<T> run(Function<Calls, Future<T>> work) {
    return net.connect(target)
        .compose(
            socket -> {
              Calls calls =
                  new Calls(
                      net.vertx(),
                      socket,
                      net.settings().patience(),
                      new Calls.Listener() {
                        @Override
                        public void onPush(String action, JsonObject data) {}

                        @Override
                        public void onEnd(int code) {}
                      });
              return calls
                  .call(
                      "login",
                      new JsonObject().put("v", 1).put("userId", user).put("device", "errand"))
                  .compose(login -> work.apply(calls))
                  .onComplete(any -> calls.close());
            });
  }
}
