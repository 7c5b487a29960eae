package im.parley.store.redis;

import im.parley.protocol.Message;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads what the functions return. */
final class Answers {
  private static final String FAULT = "fault";

  private Answers() {}

  /** The text at {@code index}. */
  static String text(Response answer, int index) {
    return answer.get(index).toString(StandardCharsets.UTF_8);
  }

  /** The number at {@code index}, kept as text. */
  static long number(Response answer, int index) {
    return Long.parseLong(answer.get(index).toString());
  }

  /** The messages from {@code index} on: offset and record of each. */
  static List<Message> messages(Response answer, int index, String conversation, String epoch) {
    List<Message> messages = new ArrayList<>();
    for (int i = index; i + 1 < answer.size(); i += 2) {
      messages.add(
          Entry.message(conversation, epoch, number(answer, i), answer.get(i + 1).toBytes()));
    }
    return List.copyOf(messages);
  }

  /** {@code answer}, unless the function failed: that is a bug or foreign data. */
  static Response sound(Response answer) {
    if (answer.type() == ResponseType.MULTI
        && answer.size() == 2
        && answer.get(0).toString().equals(FAULT)) {
      throw new IllegalStateException("a redis function failed: " + text(answer, 1));
    }
    return answer;
  }
}
