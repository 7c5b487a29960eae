package im.parley.store.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.random.RandomGenerator;

/**
 * Draws epochs, and sees to it that no log is read under an epoch of another reign. Store loop
 * only.
 */
final class Epochs {
  /** The epoch of a log that has not begun. */
  static final String NONE = "0";

  private final Shards shards;
  private final RandomGenerator random;

  Epochs(Shards shards, RandomGenerator random) {
    this.shards = shards;
    this.random = random;
  }

  /** A new one, for a function that may need one. */
  String draw() {
    return Long.toString(random.nextLong() >>> 1, Character.MAX_RADIX);
  }

  /**
   * Calls a function whose answer, unless empty, begins with epoch and reign; when the reign is not
   * the present one, the log gets a new epoch and is read again.
   */
  Future<Response> read(String conversation, Call.Maker command) {
    String head = Keys.head(conversation);
    return shards
        .read(head, command)
        .compose(
            answer -> {
              Answers.sound(answer);
              if (answer.size() == 0
                  || Answers.text(answer, 1).isEmpty()
                  || Answers.text(answer, 1).equals(shards.reign(head))) {
                return Future.succeededFuture(answer);
              }
              return shards
                  .read(head, reign -> Call.write("renew", head).arg(draw()))
                  .compose(renewed -> shards.read(head, command))
                  .map(Answers::sound);
            });
  }

  /** The epoch in an answer to {@link #read}. */
  static String in(Response answer) {
    String epoch = Answers.text(answer, 0);
    return epoch.isEmpty() ? NONE : epoch;
  }
}
