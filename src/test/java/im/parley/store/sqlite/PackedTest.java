package im.parley.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.parley.protocol.Message;
import im.parley.store.Draft;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is packed comes back, and bytes that are no message are a damaged file. */
class PackedTest {
  @Test
  void a_message_comes_back_as_it_was_packed() throws SQLException {
    for (String text :
        List.of("", "a", "ü€😀", "z".repeat(70_000), "y".repeat(128), "x".repeat(127))) {
      for (String platform : Arrays.asList(null, "", "web")) {
        Message back = Packed.unpack(Packed.of(draft("ann", text, platform)), "c", "e", 7);

        assertThat(back)
            .isEqualTo(
                new Message(
                    "id" + text, "c", "e", 7, "ann", platform, -1, "cid" + text, "text", text));
      }
    }
  }

  @Test
  void a_cut_message_is_a_damaged_file() {
    byte[] whole = Packed.of(draft("ann", "hello", "web"));
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);

      assertThatThrownBy(() -> Packed.unpack(cut, "c", "e", 7))
          .isInstanceOfSatisfying(SQLException.class, e -> assertThat(Faults.ofFile(e)).isTrue());
    }
  }

  @Test
  void sender_and_cid_together_make_a_message_the_same() {
    byte[] one = Packed.of(cid("ann", "1"));

    assertThat(Packed.sameCid(one, Packed.of(cid("ann", "1")))).isTrue();
    assertThat(Packed.sameCid(one, Packed.of(cid("ann", "12")))).isFalse();
    assertThat(Packed.sameCid(one, Packed.of(cid("bob", "1")))).isFalse();
    assertThat(Packed.sameCid(Packed.of(cid("a", "bc")), Packed.of(cid("ab", "c")))).isFalse();
  }

  private static Draft draft(String from, String text, String platform) {
    return new Draft("id" + text, "c", List.of(), from, platform, -1, "cid" + text, "text", text);
  }

  private static Draft cid(String from, String cid) {
    return new Draft("id" + cid, "c", List.of(), from, "web", 1, cid, "text", "{}");
  }
}
