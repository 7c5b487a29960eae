package im.parley.auth;

import im.parley.config.AuthConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.stream.Stream;

/** Chooses where the keys come from. */
final class KeySources {
  private KeySources() {}

  /**
   * The one source that {@code config} names; {@link IllegalArgumentException} if it is none or
   * several, or has no usable key.
   */
  static KeySource of(Vertx vertx, AuthConfig config, Clock clock, VerificationThreads threads) {
    long named =
        Stream.of(config.hmacSecret(), config.publicKey(), config.jwks())
            .filter(key -> !key.isEmpty())
            .count();
    if (named != 1) {
      throw new IllegalArgumentException(
          "auth: " + named + " of hmacSecret, publicKey and jwks are set, expected exactly one");
    }
    if (!config.hmacSecret().isEmpty()) {
      return secret(config.hmacSecret());
    }
    if (!config.publicKey().isEmpty()) {
      KeyFile file =
          new KeyFile(Path.of(config.publicKey()), text -> KeySet.of(PemKey.parse(text)));
      return file("auth.publicKey", file, vertx, clock, threads);
    }
    String scheme = config.jwks().toLowerCase(Locale.ROOT);
    if (scheme.startsWith("http://") || scheme.startsWith("https://")) {
      return CachedKeys.remote(new KeyUrl(vertx, config.jwks(), threads)::fetch, vertx, clock);
    }
    return file(
        "auth.jwks", new KeyFile(Path.of(config.jwks()), KeySet::ofJwks), vertx, clock, threads);
  }

  private static KeySource secret(String secret) {
    try {
      KeySet keys = KeySet.of(VerificationKey.ofSecret(secret.getBytes(StandardCharsets.UTF_8)));
      return (algorithm, id) -> Future.succeededFuture(keys.find(algorithm, id).orElseThrow());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("auth.hmacSecret: " + e.getMessage(), e);
    }
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
