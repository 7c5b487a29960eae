package im.parley.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.parley.config.AuthConfig;
import im.parley.testing.MutableClock;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DevelopmentTokenTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void the_nodes_own_verifier_takes_it() {
    AuthConfig config =
        new AuthConfig(
            AuthConfig.Mode.JWT,
            false,
            TestConfigs.SECRET,
            "",
            "",
            "me",
            "you",
            "https://x.test/user",
            "devices",
            List.of("a service"));
    MutableClock clock = new MutableClock();
    Vertx vertx = Vertx.vertx();
    try {
      TokenVerifier verifier = JwtVerifier.create(vertx, config, clock);
      String some = DevelopmentToken.mint(config, "李雷", List.of("web", "ios"), HOUR, clock);
      assertThat(verifier.verify(some).await())
          .isEqualTo(new Identity("李雷", Set.of("web", "ios"), clock.seconds() + 3_600));
      String all = DevelopmentToken.mint(config, "bob", List.of(), HOUR, clock);
      assertThat(verifier.verify(all).await())
          .isEqualTo(new Identity("bob", Set.of(), clock.seconds() + 3_600));
    } finally {
      vertx.close().await();
    }
  }

  @Test
  void the_systems_clock_serves_the_public_entries() {
    AuthConfig config = TestConfigs.keys(TestConfigs.SECRET, "", "");
    Vertx vertx = Vertx.vertx();
    try {
      String token = DevelopmentToken.mint(config, "bob", List.of(), HOUR);
      assertThat(TokenVerifier.create(vertx, config).verify(token).await().user()).isEqualTo("bob");
    } finally {
      vertx.close().await();
    }
  }

  @Test
  void what_cannot_be_minted_is_said() {
    AuthConfig config = TestConfigs.keys(TestConfigs.SECRET, "", "");
    assertFails(
        TestConfigs.services(AuthConfig.Mode.OPEN),
        "bob",
        List.of(),
        HOUR,
        "auth.hmac-secret: is not set");
    assertFails(config, "", List.of(), HOUR, "user: expected 1 to 64");
    assertFails(config, "a\tb", List.of(), HOUR, "user: expected 1 to 64");
    assertFails(config, "bob", List.of(), Duration.ZERO, "expected a second or more");
    assertFails(
        new AuthConfig(
            AuthConfig.Mode.JWT,
            false,
            TestConfigs.SECRET,
            "",
            "",
            "",
            "",
            "sub",
            "",
            List.of("a service")),
        "bob",
        List.of("web"),
        HOUR,
        "auth.platforms-claim");
  }

  private static void assertFails(
      AuthConfig config, String user, List<String> platforms, Duration ttl, String why) {
    assertThatThrownBy(() -> DevelopmentToken.mint(config, user, platforms, ttl))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
