package im.parley.auth;

import im.parley.config.AuthConfig;
import java.util.List;

/** Configurations with one source of keys. */
final class TestConfigs {
  static final String SECRET = "a secret of at least thirty-two bytes";
  static final String ISSUER = "https://issuer.test";
  static final String AUDIENCE = "parley";

  private TestConfigs() {}

  static AuthConfig keys(String secret, String publicKey, String jwks) {
    return new AuthConfig(
        AuthConfig.Mode.JWT,
        false,
        secret,
        publicKey,
        jwks,
        ISSUER,
        AUDIENCE,
        "sub",
        "platforms",
        List.of("a service"));
  }

  static AuthConfig services(AuthConfig.Mode mode, String... tokens) {
    String secret = mode.needsToken() ? SECRET : "";
    return new AuthConfig(mode, false, secret, "", "", "", "", "sub", "platforms", List.of(tokens));
  }
}
