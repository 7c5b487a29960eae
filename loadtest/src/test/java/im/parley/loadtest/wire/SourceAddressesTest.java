package im.parley.loadtest.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SourceAddressesTest {
  @Test
  void a_range_counts_both_ends_and_is_used_in_turn() {
    SourceAddresses sources = SourceAddresses.parse("127.0.0.2-127.0.0.60");
    assertThat(sources.size()).isEqualTo(59);
    assertThat(sources.get(0).getAddress().getHostAddress()).isEqualTo("127.0.0.2");
    assertThat(sources.get(58).getAddress().getHostAddress()).isEqualTo("127.0.0.60");
    assertThat(sources.get(59)).isEqualTo(sources.get(0));
  }

  @Test
  void a_range_may_cross_a_byte() {
    assertThat(SourceAddresses.parse("127.0.0.254-127.0.1.1,10.0.0.1").size()).isEqualTo(5);
  }

  @Test
  void none_leaves_the_choice_to_the_kernel() {
    assertThat(SourceAddresses.parse("").get(7)).isNull();
  }

  @Test
  void what_is_no_address_is_named() {
    assertThatThrownBy(() -> SourceAddresses.parse("127.0.0.300"))
        .hasMessage("source 127.0.0.300: expected an IPv4 address");
    assertThatThrownBy(() -> SourceAddresses.parse("127.0.0.9-127.0.0.2"))
        .hasMessageContaining("expected an ascending range");
  }
}
