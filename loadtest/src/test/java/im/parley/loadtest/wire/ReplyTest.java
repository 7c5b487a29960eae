package im.parley.loadtest.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ReplyTest {
  private final Reply reply = new Reply();

  @Test
  void a_reply_tells_what_was_asked_when_and_how_it_went() {
    read(
        "{\"seq\":\"S00000000000000ff\",\"action\":\"send\",\"response\":{\"code\":1106,\"codeMsg\":\"busy\"}}");
    assertThat(reply.kind()).isEqualTo('S');
    assertThat(reply.seqTime()).isEqualTo(255);
    assertThat(reply.isAction(bytes("send"))).isTrue();
    assertThat(reply.isAction(bytes("sen"))).isFalse();
    assertThat(reply.code()).isEqualTo(1106);
  }

  @Test
  void the_order_of_the_keys_and_the_word_for_the_action_do_not_matter() {
    read(
        "{\"cmd\":\"ping\",\"response\":{\"code\":200,\"data\":\"pong\"},\"seq\":\"P0000000000000010\"}");
    assertThat(reply.kind()).isEqualTo('P');
    assertThat(reply.seqTime()).isEqualTo(16);
    assertThat(reply.isAction(bytes("ping"))).isTrue();
    assertThat(reply.code()).isEqualTo(200);
  }

  @Test
  void a_push_tells_when_its_message_was_due() {
    read(
        "{\"seq\":\"9\",\"action\":\"msg\",\"response\":{\"code\":200,\"data\":{\"msg\":\"@@000000000000000a@@xx\"}}}");
    assertThat(reply.isAction(bytes("msg"))).isTrue();
    assertThat(reply.marker()).isEqualTo(10);
    assertThat(reply.seqTime()).isZero();
  }

  @Test
  void every_message_of_a_page_is_counted() {
    read("[\"@@0000000000000001@@\",\"@@0000000000000002@@x\",\"@@0000000000000003@@\"]");
    assertThat(reply.markers()).isEqualTo(3);
  }

  @Test
  void what_is_not_the_envelope_has_nothing_of_it() {
    read("数据不合法");
    assertThat((int) reply.kind()).isZero();
    assertThat(reply.code()).isZero();
    assertThat(reply.marker()).isZero();
    assertThat(reply.isAction(bytes("msg"))).isFalse();
  }

  private void read(String text) {
    byte[] utf8 = bytes(text);
    reply.read(utf8, utf8.length);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
