package im.parley.auth;

import im.parley.config.AuthConfig;
import java.time.Duration;
import java.util.List;

/** Placeholder for the class of this name on the branch of authentication. */
public final class DevelopmentToken {
  private DevelopmentToken() {}

  /** A token for {@code user}. */
  public static String mint(AuthConfig config, String user, List<String> platforms, Duration ttl) {
    throw new UnsupportedOperationException("no tokens yet");
  }
}
