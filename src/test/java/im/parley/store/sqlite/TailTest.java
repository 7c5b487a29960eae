package im.parley.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The order in which messages are moved to their places. */
class TailTest {
  @Test
  void messages_are_sorted_by_conversation_and_keep_their_order_within_one() {
    long high = 1L << 38;
    List<Entry> arrived =
        List.of(entry(high, 7), entry(1, 3), entry(2, 1), entry(1, 4), entry(high, 8), entry(1, 5));

    assertThat(Tail.byConversation(arrived))
        .extracting(entry -> entry.conversation + ":" + entry.offset)
        .containsExactly("1:3", "1:4", "1:5", "2:1", high + ":7", high + ":8");
  }

  private static Entry entry(long conversation, long offset) {
    return new Entry(conversation, "any", offset, 0, new byte[0]);
  }
}
