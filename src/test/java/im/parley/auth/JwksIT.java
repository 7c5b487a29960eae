package im.parley.auth;

import static im.parley.auth.TestTokens.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import im.parley.testing.MutableClock;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Key sets that change, fail and mislead, from a real server and a real file. The verifier's clock
 * is the test's.
 */
class JwksIT {
  private static final KeyPair OLD = TestTokens.rsa(2048);
  private static final KeyPair NEW = TestTokens.ec("secp256r1");
  private static final JsonObject OLD_KEY = Jwks.rsa("old", (RSAPublicKey) OLD.getPublic());
  private static final JsonObject NEW_KEY = Jwks.ec("new", (ECPublicKey) NEW.getPublic());

  private final MutableClock clock = new MutableClock();
  private Vertx vertx;
  private KeyServer server;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    server = new KeyServer(vertx);
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @Test
  void keys_of_both_kinds_verify_after_one_fetch() throws Exception {
    server.serve(Jwks.set(OLD_KEY, NEW_KEY));
    TokenVerifier verifier = remote();
    assertAccepted(verifier, oldToken());
    assertAccepted(verifier, newToken());
    assertAccepted(verifier, oldToken());
    assertThat(server.asked).hasValue(1);
  }

  @Test
  void an_unknown_kid_brings_the_new_key_and_takes_the_old_one_away() throws Exception {
    server.serve(Jwks.set(OLD_KEY));
    TokenVerifier verifier = remote();
    assertAccepted(verifier, oldToken());

    server.serve(Jwks.set(NEW_KEY));
    clock.advance(Duration.ofSeconds(9));
    assertRefused(verifier, newToken(), ErrorCode.UNAUTHORIZED);
    assertThat(server.asked).hasValue(1);

    clock.advance(Duration.ofSeconds(1));
    assertAccepted(verifier, newToken());
    assertRefused(verifier, oldToken(), ErrorCode.UNAUTHORIZED);
    assertThat(server.asked).hasValue(2);
  }

  @Test
  void a_withdrawn_key_is_gone_within_the_refresh() throws Exception {
    server.serve(Jwks.set(OLD_KEY, NEW_KEY));
    TokenVerifier verifier = remote();
    assertAccepted(verifier, oldToken());

    server.serve(Jwks.set(NEW_KEY));
    clock.advance(Duration.ofMinutes(5));
    // The first one after five minutes is still served with the old keys and begins the refresh.
    assertAccepted(verifier, oldToken());
    awaitRefused(verifier, oldToken());
    assertAccepted(verifier, newToken());
    assertThat(server.asked).hasValue(2);
  }

  @Test
  void after_an_idle_night_the_keys_are_asked_for_first() throws Exception {
    server.serve(Jwks.set(OLD_KEY));
    TokenVerifier verifier = remote();
    assertAccepted(verifier, oldToken());

    server.serve(Jwks.set(NEW_KEY));
    clock.advance(Duration.ofHours(9));
    assertRefused(verifier, oldToken(), ErrorCode.UNAUTHORIZED);
  }

  @Test
  void cache_control_shortens_the_refresh() throws Exception {
    server.answer =
        request ->
            request
                .response()
                .putHeader("Cache-Control", "public, max-age=60")
                .end(Jwks.set(OLD_KEY, NEW_KEY));
    TokenVerifier verifier = remote();
    assertAccepted(verifier, oldToken());

    server.serve(Jwks.set(NEW_KEY));
    clock.advance(Duration.ofSeconds(59));
    assertAccepted(verifier, oldToken());
    assertThat(server.asked).hasValue(1);
    clock.advance(Duration.ofSeconds(1));
    assertAccepted(verifier, oldToken());
    awaitRefused(verifier, oldToken());
  }

  @Test
  void a_server_that_is_down_at_the_start_is_busy_until_it_is_up() throws Exception {
    server.serve(Jwks.set(OLD_KEY));
    server.stop();
    TokenVerifier verifier = remote();
    Refusal refusal = refusal(verifier, oldToken());
    assertThat(refusal.code()).isEqualTo(ErrorCode.BUSY);
    assertThat(refusal.retryAfterMs()).isBetween(1_000L, 10_000L);

    server.start();
    clock.advance(Duration.ofSeconds(1));
    assertAccepted(verifier, oldToken());
  }

  @Test
  void known_keys_outlive_an_outage_for_an_hour() throws Exception {
    server.serve(Jwks.set(OLD_KEY));
    TokenVerifier verifier = remote();
    assertAccepted(verifier, oldToken());

    server.stop();
    clock.advance(Duration.ofMinutes(59));
    assertAccepted(verifier, oldToken());
    assertRefused(verifier, newToken(), ErrorCode.BUSY);
    clock.advance(Duration.ofMinutes(1));
    assertRefused(verifier, oldToken(), ErrorCode.BUSY);

    server.serve(Jwks.set(NEW_KEY));
    server.start();
    clock.advance(Duration.ofSeconds(10));
    assertAccepted(verifier, newToken());
  }

  @Test
  void in_an_outage_known_keys_do_not_wait_for_the_next_attempt() throws Exception {
    server.serve(Jwks.set(OLD_KEY));
    TokenVerifier verifier = remote();
    assertAccepted(verifier, oldToken());
    server.answer = request -> request.response().setStatusCode(503).end();
    clock.advance(Duration.ofMinutes(20));
    assertAccepted(verifier, oldToken());

    Promise<Void> open = Promise.promise();
    server.answer =
        request -> open.future().onSuccess(go -> request.response().end(Jwks.set(NEW_KEY)));
    clock.advance(Duration.ofSeconds(10));
    assertAccepted(verifier, oldToken());
    // Had that one waited, its attempt would be over and this answer would reach nobody.
    open.complete();
    awaitRefused(verifier, oldToken());
    assertAccepted(verifier, newToken());
    assertThat(server.asked).hasValue(3);
  }

  @Test
  void a_silent_server_is_given_up_and_asked_again() throws Exception {
    server.answer = request -> {};
    TokenVerifier verifier = remote();
    assertRefused(verifier, oldToken(), ErrorCode.BUSY);

    server.serve(Jwks.set(OLD_KEY));
    clock.advance(Duration.ofSeconds(1));
    assertAccepted(verifier, oldToken());
    assertThat(server.asked).hasValue(2);
  }

  @Test
  void a_trickling_server_is_given_up_and_asked_again() throws Exception {
    server.answer =
        request -> {
          request.response().setChunked(true).write("{\"keys\":[");
          vertx.setPeriodic(100, tick -> request.response().write(" "));
        };
    TokenVerifier verifier = remote();
    assertRefused(verifier, oldToken(), ErrorCode.BUSY);

    server.serve(Jwks.set(OLD_KEY));
    clock.advance(Duration.ofSeconds(1));
    assertAccepted(verifier, oldToken());
  }

  @Test
  void a_body_without_end_is_cut_off() throws Exception {
    Promise<Long> written = Promise.promise();
    server.answer =
        request -> {
          request.response().setChunked(true);
          flood(request, 0, written);
        };
    TokenVerifier verifier = remote();
    assertRefused(verifier, oldToken(), ErrorCode.BUSY);
    // The connection was closed on it, long before the 64 MB that it had to give.
    assertThat(get(written.future())).isLessThan(64L << 20);

    server.serve(Jwks.set(OLD_KEY));
    clock.advance(Duration.ofSeconds(1));
    assertAccepted(verifier, oldToken());
  }

  @Test
  void a_key_set_just_over_the_limit_is_refused_and_one_just_under_is_taken() throws Exception {
    String set = Jwks.set(OLD_KEY);
    server.serve(set + " ".repeat(LoadedKeys.MAX_BYTES + 1 - set.length()));
    TokenVerifier verifier = remote();
    assertRefused(verifier, oldToken(), ErrorCode.BUSY);
    server.serve(set + " ".repeat(LoadedKeys.MAX_BYTES - set.length()));
    clock.advance(Duration.ofSeconds(1));
    assertAccepted(verifier, oldToken());
  }

  @Test
  void garbage_changes_nothing() throws Exception {
    server.serve(Jwks.set(OLD_KEY));
    TokenVerifier verifier = remote();
    assertAccepted(verifier, oldToken());

    List<String> bodies =
        List.of(
            "",
            "hello",
            "[]",
            "null",
            "{}",
            "{\"keys\":{}}",
            "{\"keys\":[1]}",
            "{\"keys\":null}",
            "[".repeat(100_000),
            "<html>");
    for (String body : bodies) {
      server.serve(body);
      clock.advance(Duration.ofSeconds(10));
      int before = server.asked.get();
      assertRefused(verifier, newToken(), ErrorCode.BUSY);
      assertThat(server.asked).hasValue(before + 1);
      assertAccepted(verifier, oldToken());
    }
    for (int status : new int[] {204, 302, 404, 500}) {
      server.answer =
          request -> request.response().setStatusCode(status).putHeader("Location", "/keys").end();
      clock.advance(Duration.ofSeconds(10));
      assertRefused(verifier, newToken(), ErrorCode.BUSY);
      assertAccepted(verifier, oldToken());
    }
  }

  @Test
  void keys_that_are_of_no_use_are_passed_over() throws Exception {
    String secret = "a secret of at least thirty-two bytes";
    JsonObject symmetric =
        new JsonObject()
            .put("kty", "oct")
            .put("kid", "oct")
            .put("k", TestTokens.base64(secret))
            .put("alg", "HS256");
    server.serve(
        Jwks.set(
            new JsonObject(),
            new JsonObject().put("kty", "future").put("kid", "future"),
            new JsonObject().put("kty", "RSA").put("kid", "garbled").put("n", "!").put("e", "AQAB"),
            symmetric,
            OLD_KEY.copy().put("kid", "encrypts").put("use", "enc"),
            OLD_KEY.copy().put("kid", "other").put("alg", "RS512"),
            OLD_KEY.copy().put("kid", "signs").put("key_ops", new JsonArray().add("sign")),
            Jwks.rsa("small", (RSAPublicKey) TestTokens.rsa(1024).getPublic()),
            OLD_KEY));
    TokenVerifier verifier = remote();
    assertAccepted(verifier, oldToken());
    for (String kid : List.of("encrypts", "other", "signs", "small", "garbled", "future")) {
      assertRefused(
          verifier,
          TestTokens.rs256(OLD.getPrivate(), header("RS256").put("kid", kid), claims()),
          ErrorCode.UNAUTHORIZED);
    }
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    assertRefused(
        verifier,
        TestTokens.hs256(bytes, header("HS256").put("kid", "oct"), claims()),
        ErrorCode.UNAUTHORIZED);
    assertRefused(
        verifier, TestTokens.hs256(bytes, header("HS256"), claims()), ErrorCode.UNAUTHORIZED);
  }

  @Test
  void a_key_of_the_set_checks_its_own_algorithm_only() throws Exception {
    server.serve(Jwks.set(OLD_KEY));
    TokenVerifier verifier = remote();
    byte[] publicKey = OLD.getPublic().getEncoded();
    clock.advance(Duration.ofSeconds(11));
    assertRefused(
        verifier,
        TestTokens.hs256(publicKey, header("HS256").put("kid", "old"), claims()),
        ErrorCode.UNAUTHORIZED);
    assertRefused(
        verifier,
        TestTokens.es256(NEW.getPrivate(), header("ES256").put("kid", "old"), claims()),
        ErrorCode.UNAUTHORIZED);
    assertThat(server.asked).hasValue(1);
  }

  @Test
  void a_token_without_kid_needs_a_set_with_one_fitting_key() throws Exception {
    server.serve(Jwks.set(OLD_KEY, NEW_KEY));
    TokenVerifier verifier = remote();
    String token = TestTokens.rs256(OLD.getPrivate(), header("RS256"), claims());
    assertAccepted(verifier, token);

    server.serve(Jwks.set(OLD_KEY, OLD_KEY.copy().put("kid", "twin")));
    clock.advance(Duration.ofMinutes(10));
    assertRefused(verifier, token, ErrorCode.UNAUTHORIZED);
  }

  @Test
  void an_empty_set_withdraws_every_key() throws Exception {
    server.serve(Jwks.set(OLD_KEY));
    TokenVerifier verifier = remote();
    assertAccepted(verifier, oldToken());
    server.serve(Jwks.set());
    clock.advance(Duration.ofMinutes(10));
    assertRefused(verifier, oldToken(), ErrorCode.BUSY);
  }

  @Test
  void a_flood_of_unknown_kids_does_not_hammer_the_server() throws Exception {
    server.serve(Jwks.set(OLD_KEY));
    TokenVerifier verifier = remote();
    assertAccepted(verifier, oldToken());
    clock.advance(Duration.ofSeconds(10));

    Promise<Void> open = Promise.promise();
    server.answer =
        request -> open.future().onSuccess(go -> request.response().end(Jwks.set(OLD_KEY)));
    int flood = CachedKeys.MAX_WAITING + 500;
    List<Future<Identity>> answers = new ArrayList<>();
    for (int i = 0; i < flood; i++) {
      String header = header("RS256").put("kid", "k" + i).encode();
      answers.add(
          verifier.verify(TestTokens.base64(header) + "." + TestTokens.base64(claims()) + ".AAAA"));
    }
    // Those with a known key are not held up by it.
    assertAccepted(verifier, oldToken());
    open.complete();

    int unauthorized = 0;
    int busy = 0;
    for (Future<Identity> answer : answers) {
      ErrorCode code = refusal(answer).code();
      unauthorized += code == ErrorCode.UNAUTHORIZED ? 1 : 0;
      busy += code == ErrorCode.BUSY ? 1 : 0;
    }
    assertThat(unauthorized).isEqualTo(CachedKeys.MAX_WAITING);
    assertThat(busy).isEqualTo(500);
    assertThat(server.asked).hasValue(2);
  }

  @Test
  void those_who_wait_for_keys_are_answered_on_their_own_contexts() throws Exception {
    Promise<Void> open = Promise.promise();
    server.answer =
        request -> open.future().onSuccess(go -> request.response().end(Jwks.set(OLD_KEY)));
    TokenVerifier verifier = remote();
    List<Context> contexts = new ArrayList<>();
    List<CompletableFuture<Context>> arrived = new ArrayList<>();
    List<CompletableFuture<Void>> begun = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Context context = newContext();
      CompletableFuture<Context> arrival = new CompletableFuture<>();
      CompletableFuture<Void> start = new CompletableFuture<>();
      String token = i % 2 == 0 ? oldToken() : newToken();
      context.runOnContext(
          go -> {
            verifier.verify(token).onComplete(done -> arrival.complete(Vertx.currentContext()));
            start.complete(null);
          });
      contexts.add(context);
      arrived.add(arrival);
      begun.add(start);
    }
    for (CompletableFuture<Void> start : begun) {
      start.get(10, TimeUnit.SECONDS);
    }
    open.complete();
    for (int i = 0; i < contexts.size(); i++) {
      assertThat(arrived.get(i).get(10, TimeUnit.SECONDS)).isSameAs(contexts.get(i));
    }
    assertThat(server.asked).hasValue(1);
  }

  @Test
  void a_changed_file_is_read_again(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("keys.json"), Jwks.set(OLD_KEY));
    TokenVerifier verifier =
        JwtVerifier.create(vertx, TestConfigs.keys("", "", file.toString()), clock);
    assertAccepted(verifier, oldToken());
    assertRefused(verifier, newToken(), ErrorCode.UNAUTHORIZED);

    replace(file, Jwks.set(NEW_KEY));
    clock.advance(Duration.ofSeconds(1));
    assertRefused(verifier, oldToken(), ErrorCode.UNAUTHORIZED);
    assertAccepted(verifier, newToken());

    replace(file, "{\"keys\":[half");
    clock.advance(Duration.ofSeconds(1));
    assertAccepted(verifier, newToken());
    Files.delete(file);
    clock.advance(Duration.ofSeconds(1));
    assertAccepted(verifier, newToken());

    Files.writeString(file, Jwks.set(OLD_KEY));
    clock.advance(Duration.ofSeconds(1));
    assertAccepted(verifier, oldToken());
    assertRefused(verifier, newToken(), ErrorCode.UNAUTHORIZED);
  }

  @Test
  void a_changed_pem_file_is_read_again(@TempDir Path directory) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("key.pem"),
            TestTokens.pem("PUBLIC KEY", OLD.getPublic().getEncoded()));
    TokenVerifier verifier =
        JwtVerifier.create(vertx, TestConfigs.keys("", file.toString(), ""), clock);
    assertAccepted(verifier, oldToken());

    replace(file, TestTokens.pem("PUBLIC KEY", NEW.getPublic().getEncoded()));
    clock.advance(Duration.ofSeconds(1));
    assertAccepted(verifier, newToken());
    assertRefused(verifier, oldToken(), ErrorCode.UNAUTHORIZED);
  }

  @Test
  void a_key_set_file_without_a_usable_key_is_a_mistake(@TempDir Path directory) throws Exception {
    for (String content : List.of(Jwks.set(), "hello", " ".repeat(LoadedKeys.MAX_BYTES + 1))) {
      Path file = Files.writeString(directory.resolve("keys.json"), content);
      assertThatThrownBy(
              () -> JwtVerifier.create(vertx, TestConfigs.keys("", "", file.toString()), clock))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("auth.jwks: " + file);
    }
    for (String url : List.of("http://", "https:///keys", "http://a b/", "HTTP://?")) {
      assertThatThrownBy(() -> JwtVerifier.create(vertx, TestConfigs.keys("", "", url), clock))
          .as(url)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("auth.jwks: ");
    }
  }

  private Context newContext() throws Exception {
    CompletableFuture<Context> context = new CompletableFuture<>();
    Thread thread = new Thread(() -> context.complete(vertx.getOrCreateContext()));
    thread.start();
    thread.join();
    return context.get();
  }

  private static void flood(HttpServerRequest request, long sent, Promise<Long> written) {
    if (sent >= 64L << 20) {
      written.tryComplete(sent);
      return;
    }
    request
        .response()
        .write(" ".repeat(64 * 1024))
        .onSuccess(more -> flood(request, sent + 64 * 1024, written))
        .onFailure(closed -> written.tryComplete(sent));
  }

  /**
   * Replaces it as editors and deployment tools do, with a time of its own however coarse the file
   * system's clock is.
   */
  private static void replace(Path file, String content) throws Exception {
    FileTime before = Files.getLastModifiedTime(file);
    Files.writeString(file, content);
    Files.setLastModifiedTime(file, FileTime.fromMillis(before.toMillis() + 1_000));
  }

  private TokenVerifier remote() {
    return JwtVerifier.create(vertx, TestConfigs.keys("", "", server.url()), clock);
  }

  private String oldToken() {
    return TestTokens.rs256(OLD.getPrivate(), header("RS256").put("kid", "old"), claims());
  }

  private String newToken() {
    return TestTokens.es256(NEW.getPrivate(), header("ES256").put("kid", "new"), claims());
  }

  private String claims() {
    return new JsonObject()
        .put("iss", TestConfigs.ISSUER)
        .put("aud", TestConfigs.AUDIENCE)
        .put("sub", "alice")
        .put("exp", clock.seconds() + 600)
        .encode();
  }

  private static void assertAccepted(TokenVerifier verifier, String token) throws Exception {
    assertThat(get(verifier.verify(token)).user()).isEqualTo("alice");
  }

  private static void assertRefused(TokenVerifier verifier, String token, ErrorCode code)
      throws Exception {
    assertThat(refusal(verifier, token).code()).isEqualTo(code);
  }

  /** Until a refresh under way has taken the token's key away. */
  private static void awaitRefused(TokenVerifier verifier, String token) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    CompletableFuture<Identity> last;
    do {
      assertThat(System.nanoTime()).as("a deadline of 10 s").isLessThan(deadline);
      last = verifier.verify(token).toCompletionStage().toCompletableFuture();
    } while (last.handle((identity, failure) -> failure == null).get(10, TimeUnit.SECONDS));
    assertThat(refusal(Future.fromCompletionStage(last)).code()).isEqualTo(ErrorCode.UNAUTHORIZED);
  }

  private static Refusal refusal(TokenVerifier verifier, String token) throws Exception {
    return refusal(verifier.verify(token));
  }

  private static Refusal refusal(Future<Identity> verification) throws Exception {
    try {
      throw new AssertionError("was let in: " + get(verification));
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(Refusal.class);
      return (Refusal) e.getCause();
    }
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(15, TimeUnit.SECONDS);
  }
}
