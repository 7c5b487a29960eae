package im.parley.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KeysTest {
  /** Redis Cluster specification, appendix A: the CRC of 123456789 is 0x31C3. */
  @Test
  void a_slot_is_the_crc_of_the_hash_tag() {
    assertThat(Keys.slot("{123456789}")).isEqualTo(0x31C3);
    assertThat(Keys.slot("before{123456789}after}")).isEqualTo(0x31C3);
  }

  @Test
  void all_keys_of_a_conversation_are_in_one_slot_whatever_its_id_has() {
    for (String conversation : List.of("room:tea", "}", "a}b{c", "", "direct:ann:büb")) {
      assertThat(
              List.of(
                  Keys.head(conversation),
                  Keys.log(conversation),
                  Keys.cids(conversation),
                  Keys.members(conversation),
                  Keys.users(conversation),
                  Keys.room(conversation)))
          .extracting(Keys::slot)
          .containsOnly(Keys.slot(Keys.head(conversation)));
      assertThat(Keys.conversationOf(Keys.head(conversation))).isEqualTo(conversation);
    }
  }
}
