package im.parley.auth;

import im.parley.config.AuthConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;

/** Chooses where the keys come from. */
final class KeySources {
  private KeySources() {}

  /**
   * The one source that {@code config} names; {@link IllegalArgumentException} if it is unusable.
   */
  static KeySource of(Vertx vertx, AuthConfig config, Clock clock, VerificationThreads threads) {
    if (!config.hmacSecret().isEmpty()) {
      return secret(config.hmacSecret());
    }
    if (!config.publicKey().isEmpty()) {
      KeyFile file =
          new KeyFile(Path.of(config.publicKey()), text -> KeySet.of(PemKey.parse(text)));
      return file("auth.public-key", file, vertx, clock, threads);
    }
    if (config.jwksIsUrl()) {
      return CachedKeys.remote(new KeyUrl(vertx, config.jwks(), threads)::fetch, vertx, clock);
    }
    return file(
        "auth.jwks", new KeyFile(Path.of(config.jwks()), KeySet::ofJwks), vertx, clock, threads);
  }

  private static KeySource secret(String secret) {
    KeySet keys = KeySet.of(VerificationKey.ofSecret(secret.getBytes(StandardCharsets.UTF_8)));
    return (algorithm, id) -> Future.succeededFuture(keys.find(algorithm, id).orElseThrow());
  }

  private static KeySource file(
      String setting, KeyFile file, Vertx vertx, Clock clock, VerificationThreads threads) {
    try {
      KeySet first = file.read().keys();
      if (first.size() == 0) {
        throw new IllegalArgumentException("has no RSA or P-256 key for signatures");
      }
      return CachedKeys.file(() -> threads.load(file::read), first, vertx, clock);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(setting + ": " + file + " " + e.getMessage(), e);
    }
  }
}
