package im.parley.loadtest.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TargetTest {
  @Test
  void a_list_may_be_comma_separated_and_repeated() {
    assertThat(Target.parse(List.of("ws://a:1/x,ws://b:2", "ws://c/y?z=1")))
        .containsExactly(
            new Target("a", 1, "/x"), new Target("b", 2, "/"), new Target("c", 80, "/y?z=1"));
  }

  @Test
  void a_range_of_ports_is_a_target_for_each() {
    assertThat(Target.parse(List.of("ws://h:8089-8091/acc")))
        .extracting(Target::port)
        .containsExactly(8089, 8090, 8091);
  }

  @Test
  void an_ipv6_address_keeps_its_brackets_in_the_host() {
    assertThat(Target.parse(List.of("ws://[::1]:9/acc")))
        .containsExactly(new Target("[::1]", 9, "/acc"));
  }

  @Test
  void what_is_no_target_is_named_with_what_was_expected() {
    assertThatThrownBy(() -> Target.parse(List.of("http://h:1/acc")))
        .hasMessage("target http://h:1/acc: expected ws://host:port/path");
    assertThatThrownBy(() -> Target.parse(List.of("ws://h:70000/acc")))
        .hasMessageContaining("expected a port from 1 to 65535");
    assertThatThrownBy(() -> Target.parse(List.of("ws://h:9-8/acc")))
        .hasMessageContaining("the first port is above the last");
    assertThatThrownBy(() -> Target.parse(List.of())).hasMessageContaining("no target");
  }
}
