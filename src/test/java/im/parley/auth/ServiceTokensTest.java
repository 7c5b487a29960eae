package im.parley.auth;

import static im.parley.config.AuthConfig.Mode.JWT;
import static im.parley.config.AuthConfig.Mode.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ServiceTokensTest {
  @Test
  void each_configured_token_passes_and_nothing_else() {
    ServiceTokens tokens = new ServiceTokens(TestConfigs.services(JWT, "first", "sécond"));
    assertThat(tokens.required()).isTrue();
    for (String right :
        Arrays.asList("Bearer first", "bearer first", "BEARER  first ", "Bearer sécond")) {
      assertThat(tokens.allows(right)).as(right).isTrue();
    }
    for (String wrong :
        Arrays.asList(
            null,
            "",
            "first",
            "Bearer",
            "Bearer ",
            "Bearerfirst",
            "Bearer firs",
            "Bearer first1",
            "Bearer FIRST",
            "Basic first",
            "Bearer first,second",
            "Bearer " + "first".repeat(10_000),
            "Bearer first" + " ".repeat(10_000))) {
      assertThat(tokens.allows(wrong)).as(wrong).isFalse();
    }
  }

  @Test
  void open_without_tokens_needs_none() {
    ServiceTokens tokens = new ServiceTokens(TestConfigs.services(OPEN));
    assertThat(tokens.required()).isFalse();
    assertThat(tokens.allows(null)).isTrue();
    assertThat(tokens.allows("Bearer any")).isTrue();
  }

  @Test
  void open_with_tokens_needs_one_of_them() {
    ServiceTokens tokens = new ServiceTokens(TestConfigs.services(OPEN, "first"));
    assertThat(tokens.required()).isTrue();
    assertThat(tokens.allows(null)).isFalse();
    assertThat(tokens.allows("Bearer first")).isTrue();
  }
}
