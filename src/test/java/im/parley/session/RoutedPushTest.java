package im.parley.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.parley.protocol.Message;
import im.parley.protocol.Push;
import im.parley.protocol.Request;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What travels between nodes is delivered as if it had not travelled. */
class RoutedPushTest {
  private static final Message MESSAGE =
      new Message(
          "01H",
          "direct:a:b",
          "k3",
          7,
          "a",
          "web",
          1L << 45,
          "c1",
          "text",
          "{\"msg\":\"héllo 😀\"}");

  @Test
  void a_message_arrives_with_the_same_bytes_for_both_dialects() {
    Push push = Push.of(MESSAGE);
    RoutedPush routed = new RoutedPush(push, Audience.users("a", "b").but(5).butUser("x"), false);

    RoutedPush arrived = RoutedPush.decode(routed.encode());

    assertThat(arrived.push().message()).isEqualTo(MESSAGE);
    assertThat(arrived.audience()).isEqualTo(new Audience("user:a", "user:b", 0, "x"));
    assertThat(arrived.forwarded()).isFalse();
    for (Request.Verb verb : Request.Verb.values()) {
      assertThat(arrived.push().text(verb)).isEqualTo(push.text(verb));
    }
  }

  @Test
  void an_event_arrives_with_the_same_bytes_and_as_droppable_as_it_was() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("user", "müller");
    data.put("online", true);
    data.put("platforms", List.of("ios", "web"));
    data.put("nothing", null);
    for (Push push : List.of(Push.droppable("presence", "", data), Push.of("kick", "7", data))) {
      RoutedPush arrived =
          RoutedPush.decode(new RoutedPush(push, Audience.of("presence:m"), true).encode());

      assertThat(arrived.push().text(Request.Verb.CMD)).isEqualTo(push.text(Request.Verb.CMD));
      assertThat(arrived.push().droppable()).isEqualTo(push.droppable());
      assertThat(arrived.push().message()).isNull();
      assertThat(arrived.push().data()).isEqualTo(data);
      assertThat(arrived.forwarded()).isTrue();
    }
  }

  @Test
  void whatever_the_bytes_decoding_ends_with_an_answer_or_an_exception() {
    Random random = new Random(7);
    byte[] right =
        new RoutedPush(Push.of(MESSAGE), Audience.of("user:a"), false).encode().getBytes();
    for (int i = 0; i < 20_000; i++) {
      byte[] wrong = right.clone();
      for (int n = random.nextInt(4); n >= 0; n--) {
        wrong[random.nextInt(wrong.length)] = (byte) random.nextInt();
      }
      Buffer frame = Buffer.buffer(wrong).slice(0, random.nextInt(wrong.length + 1));
      try {
        RoutedPush.decode(frame);
      } catch (RuntimeException expected) {
        assertThat(expected).isNotNull();
      }
    }
    assertThatThrownBy(() -> RoutedPush.decode(Buffer.buffer(new byte[] {9, 0, 0, 0, 0, 0})))
        .isInstanceOf(RuntimeException.class);
  }
}
