package im.parley.auth;

import static im.parley.auth.TestTokens.base64;
import static im.parley.auth.TestTokens.es256;
import static im.parley.auth.TestTokens.header;
import static im.parley.auth.TestTokens.hs256;
import static im.parley.auth.TestTokens.rs256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.parley.config.AuthConfig;
import im.parley.protocol.ErrorCode;
import im.parley.protocol.Refusal;
import im.parley.testing.MutableClock;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {
  private static final byte[] SECRET = TestConfigs.SECRET.getBytes(StandardCharsets.UTF_8);
  private static final KeyPair RSA = TestTokens.rsa(2048);
  private static final KeyPair EC = TestTokens.ec("secp256r1");

  private static Vertx vertx;
  @TempDir private static Path directory;

  private final MutableClock clock = new MutableClock();

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
  }

  // Right tokens

  @Test
  void hs256_names_its_user() throws Exception {
    assertThat(verify(secret(), hs256(SECRET, header("HS256"), claims().encode())))
        .isEqualTo(alice());
  }

  @Test
  void rs256_names_its_user() throws Exception {
    assertThat(verify(rsa(), rs256(RSA.getPrivate(), header("RS256"), claims().encode())))
        .isEqualTo(alice());
  }

  @Test
  void es256_names_its_user() throws Exception {
    assertThat(verify(ec(), es256(EC.getPrivate(), header("ES256"), claims().encode())))
        .isEqualTo(alice());
  }

  @Test
  void a_single_key_takes_whatever_kid_a_token_names() throws Exception {
    String token = rs256(RSA.getPrivate(), header("RS256").put("kid", "any"), claims().encode());
    assertThat(verify(rsa(), token)).isEqualTo(alice());
  }

  @Test
  void a_result_arrives_on_the_callers_context() throws Exception {
    TokenVerifier verifier = rsa();
    Context context = vertx.getOrCreateContext();
    CompletableFuture<Context> arrived = new CompletableFuture<>();
    String token = rs256(RSA.getPrivate(), header("RS256"), claims().encode());
    context.runOnContext(
        go -> verifier.verify(token).onComplete(done -> arrived.complete(Vertx.currentContext())));
    assertThat(arrived.get(10, TimeUnit.SECONDS)).isSameAs(context);
  }

  @Test
  void a_key_may_be_pkcs1_or_stand_among_other_text() throws Exception {
    // The SubjectPublicKeyInfo of a 2048-bit RSA key is 24 bytes of head and the PKCS #1 key.
    byte[] spki = RSA.getPublic().getEncoded();
    byte[] pkcs1 = Arrays.copyOfRange(spki, 24, spki.length);
    String token = rs256(RSA.getPrivate(), header("RS256"), claims().encode());
    assertThat(verify(file(TestTokens.pem("RSA PUBLIC KEY", pkcs1)), token)).isEqualTo(alice());

    String bundle =
        "Bag Attributes: none\n" + TestTokens.pem("PUBLIC KEY", spki).replace("\n", "\r\n");
    assertThat(verify(file(bundle), token)).isEqualTo(alice());
  }

  @Test
  void a_key_may_be_a_certificate() throws Exception {
    Path store = directory.resolve("certificate.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "k",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=parley",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
    PrivateKey key = (PrivateKey) keys.getKey("k", "changeit".toCharArray());
    String pem = TestTokens.pem("CERTIFICATE", keys.getCertificate("k").getEncoded());
    assertThat(verify(file(pem), es256(key, header("ES256"), claims().encode())))
        .isEqualTo(alice());
  }

  // Algorithms and signatures

  @Test
  void a_public_key_is_never_an_hmac_secret() throws Exception {
    byte[] der = RSA.getPublic().getEncoded();
    String pem = TestTokens.pem("PUBLIC KEY", der);
    TokenVerifier verifier = file(pem);
    List<byte[]> secrets =
        List.of(
            pem.getBytes(StandardCharsets.UTF_8),
            pem.strip().getBytes(StandardCharsets.UTF_8),
            der,
            ((RSAPublicKey) RSA.getPublic()).getModulus().toByteArray());
    for (byte[] secret : secrets) {
      assertRefused(
          verifier, hs256(secret, header("HS256"), claims().encode()), ErrorCode.UNAUTHORIZED);
    }
  }

  @Test
  void a_key_checks_no_algorithm_but_its_own() throws Exception {
    String payload = claims().encode();
    String rs = rs256(RSA.getPrivate(), header("RS256"), payload);
    String es = es256(EC.getPrivate(), header("ES256"), payload);
    String hs = hs256(SECRET, header("HS256"), payload);
    assertRefused(secret(), rs, ErrorCode.UNAUTHORIZED);
    assertRefused(secret(), es, ErrorCode.UNAUTHORIZED);
    assertRefused(rsa(), es, ErrorCode.UNAUTHORIZED);
    assertRefused(rsa(), hs, ErrorCode.UNAUTHORIZED);
    assertRefused(ec(), rs, ErrorCode.UNAUTHORIZED);
    assertRefused(ec(), hs, ErrorCode.UNAUTHORIZED);
    String rs512 = TestTokens.signed("SHA512withRSA", RSA.getPrivate(), header("RS512"), payload);
    assertRefused(rsa(), rs512, ErrorCode.UNAUTHORIZED);
    String mislabelled = rs256(RSA.getPrivate(), header("RS512"), payload);
    assertRefused(rsa(), mislabelled, ErrorCode.UNAUTHORIZED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "NONE", "nOnE", ""})
  void a_token_without_an_algorithm_is_refused(String none) throws Exception {
    String input = TestTokens.input(header(none), claims().encode());
    String signature = hs256(SECRET, header("HS256"), claims().encode()).split("\\.")[2];
    for (TokenVerifier verifier : List.of(secret(), rsa(), ec())) {
      assertRefused(verifier, input + ".", ErrorCode.UNAUTHORIZED);
      assertRefused(verifier, input + "." + signature, ErrorCode.UNAUTHORIZED);
    }
  }

  @Test
  void a_wrong_signature_is_refused() throws Exception {
    String payload = claims().encode();
    assertRefused(
        secret(),
        hs256(
            "another secret of thirty-two bytes!!".getBytes(StandardCharsets.UTF_8),
            header("HS256"),
            payload),
        ErrorCode.UNAUTHORIZED);
    assertRefused(
        rsa(),
        rs256(TestTokens.rsa(2048).getPrivate(), header("RS256"), payload),
        ErrorCode.UNAUTHORIZED);
    assertRefused(
        ec(),
        es256(TestTokens.ec("secp256r1").getPrivate(), header("ES256"), payload),
        ErrorCode.UNAUTHORIZED);
  }

  @Test
  void a_changed_payload_is_refused() throws Exception {
    String[] parts = es256(EC.getPrivate(), header("ES256"), claims().encode()).split("\\.");
    String mallory = base64(claims().put("sub", "mallory").encode());
    assertRefused(ec(), parts[0] + "." + mallory + "." + parts[2], ErrorCode.UNAUTHORIZED);
    String[] hs = hs256(SECRET, header("HS256"), claims().encode()).split("\\.");
    assertRefused(secret(), hs[0] + "." + mallory + "." + hs[2], ErrorCode.UNAUTHORIZED);
  }

  @Test
  void an_ecdsa_signature_of_zeros_is_refused() throws Exception {
    // CVE-2022-21449
    String zeros = base64("\0".repeat(64));
    assertRefused(
        ec(),
        TestTokens.input(header("ES256"), claims().encode()) + "." + zeros,
        ErrorCode.UNAUTHORIZED);
  }

  @Test
  void an_ecdsa_signature_in_der_is_refused() throws Exception {
    String der =
        TestTokens.signed("SHA256withECDSA", EC.getPrivate(), header("ES256"), claims().encode());
    assertRefused(ec(), der, ErrorCode.UNAUTHORIZED);
  }

  @Test
  void a_key_inside_the_token_is_not_believed() throws Exception {
    KeyPair mine = TestTokens.rsa(2048);
    RSAPublicKey key = (RSAPublicKey) mine.getPublic();
    JsonObject jwk = Jwks.rsa("mine", key);
    String token = rs256(mine.getPrivate(), header("RS256").put("jwk", jwk), claims().encode());
    assertRefused(rsa(), token, ErrorCode.UNAUTHORIZED);
    token =
        rs256(
            mine.getPrivate(),
            header("RS256").put("jku", "http://127.0.0.1:1/keys"),
            claims().encode());
    assertRefused(rsa(), token, ErrorCode.UNAUTHORIZED);
  }

  @Test
  void critical_extensions_are_refused() throws Exception {
    JsonObject unknown = header("HS256").put("crit", new JsonArray().add("x")).put("x", 1);
    assertRefused(secret(), hs256(SECRET, unknown, claims().encode()), ErrorCode.UNAUTHORIZED);
    JsonObject unencoded =
        header("HS256").put("crit", new JsonArray().add("b64")).put("b64", false);
    assertRefused(secret(), hs256(SECRET, unencoded, claims().encode()), ErrorCode.UNAUTHORIZED);
    JsonObject uncritical = header("HS256").put("b64", false);
    assertRefused(secret(), hs256(SECRET, uncritical, claims().encode()), ErrorCode.UNAUTHORIZED);
  }

  // Time

  @Test
  void a_token_ends_at_the_second_of_its_exp() throws Exception {
    String token = with("exp", clock.seconds() + 1);
    assertThat(verify(secret(), token).expiresAtSeconds()).isEqualTo(clock.seconds() + 1);
    assertRefused(secret(), with("exp", clock.seconds()), ErrorCode.TOKEN_EXPIRED);
    assertRefused(secret(), with("exp", 1), ErrorCode.TOKEN_EXPIRED);
    assertRefused(secret(), with("exp", clock.seconds() + 0.5), ErrorCode.TOKEN_EXPIRED);
  }

  @Test
  void an_ended_token_that_is_wrong_otherwise_is_unauthorized() throws Exception {
    String ended = claims().put("exp", 1).encode();
    assertRefused(
        secret(),
        hs256("x".repeat(32).getBytes(StandardCharsets.UTF_8), header("HS256"), ended),
        ErrorCode.UNAUTHORIZED);
    assertRefused(
        secret(),
        hs256(SECRET, header("HS256"), claims().put("exp", 1).put("iss", "x").encode()),
        ErrorCode.UNAUTHORIZED);
  }

  @Test
  void the_beginning_may_be_thirty_seconds_ahead() throws Exception {
    for (String claim : List.of("nbf", "iat")) {
      assertThat(verify(secret(), with(claim, clock.seconds() + 30))).isEqualTo(alice());
      assertRefused(secret(), with(claim, clock.seconds() + 31), ErrorCode.UNAUTHORIZED);
      assertRefused(secret(), with(claim, "now"), ErrorCode.UNAUTHORIZED);
    }
  }

  @ParameterizedTest
  @MethodSource("noTimes")
  void an_exp_that_is_no_time_is_refused(String exp) throws Exception {
    String payload = claims().encode().replaceFirst("\"exp\":\\d+", "\"exp\":" + exp);
    assertRefused(secret(), hs256(SECRET, header("HS256"), payload), ErrorCode.UNAUTHORIZED);
  }

  static List<String> noTimes() {
    return List.of(
        "null",
        "\"4102444800\"",
        "true",
        "[]",
        "{}",
        "-1",
        "9223372036854775807",
        "9223372036854775808",
        "1e300",
        "4102444800000",
        "NaN",
        "Infinity",
        "1e999999999",
        "9".repeat(400));
  }

  @Test
  void a_token_without_end_is_refused() throws Exception {
    JsonObject endless = claims();
    endless.remove("exp");
    assertRefused(
        secret(), hs256(SECRET, header("HS256"), endless.encode()), ErrorCode.UNAUTHORIZED);
  }

  // Claims

  @Test
  void issuer_and_audience_must_be_the_expected_ones() throws Exception {
    assertRefused(secret(), with("iss", "https://other.test"), ErrorCode.UNAUTHORIZED);
    assertRefused(secret(), with("iss", null), ErrorCode.UNAUTHORIZED);
    assertRefused(
        secret(), with("iss", new JsonArray().add(TestConfigs.ISSUER)), ErrorCode.UNAUTHORIZED);
    assertRefused(secret(), with("aud", "other"), ErrorCode.UNAUTHORIZED);
    assertRefused(secret(), with("aud", null), ErrorCode.UNAUTHORIZED);
    assertRefused(secret(), with("aud", new JsonArray()), ErrorCode.UNAUTHORIZED);
    assertThat(verify(secret(), with("aud", new JsonArray().add("x").add(TestConfigs.AUDIENCE))))
        .isEqualTo(alice());
  }

  @Test
  void missing_claims_are_refused() throws Exception {
    for (String claim : List.of("iss", "aud", "sub", "exp")) {
      JsonObject claims = claims();
      claims.remove(claim);
      assertRefused(
          secret(), hs256(SECRET, header("HS256"), claims.encode()), ErrorCode.UNAUTHORIZED);
    }
  }

  @Test
  void a_user_must_satisfy_the_rules() throws Exception {
    for (Object user :
        Arrays.asList(
            null,
            "",
            7,
            true,
            new JsonArray().add("a"),
            "a\nb",
            "a\u0000",
            "a\u0085",
            "a".repeat(65),
            "é".repeat(33))) {
      assertRefused(secret(), with("sub", user), ErrorCode.UNAUTHORIZED);
    }
    for (String user : List.of("a".repeat(64), "é".repeat(32), "李雷", "😀".repeat(16), "a b")) {
      assertThat(verify(secret(), with("sub", user)).user()).isEqualTo(user);
    }
  }

  @Test
  void a_user_with_half_a_surrogate_pair_is_refused() throws Exception {
    String payload = claims().encode().replace("alice", "al\\ud800ice");
    assertRefused(secret(), hs256(SECRET, header("HS256"), payload), ErrorCode.UNAUTHORIZED);
  }

  @Test
  void platforms_are_an_array_or_a_string() throws Exception {
    for (Object platforms :
        List.of(new JsonArray().add("web").add("ios"), "web ios", "web,ios", " web, ios ")) {
      assertThat(verify(secret(), with("platforms", platforms)).platforms())
          .containsExactlyInAnyOrder("web", "ios");
    }
  }

  @Test
  void a_claim_that_grants_no_platform_does_not_grant_all() throws Exception {
    for (Object platforms :
        Arrays.asList(
            null,
            "",
            " , ",
            5,
            new JsonArray(),
            new JsonArray().add(1),
            new JsonArray().add(" "),
            new JsonObject())) {
      assertRefused(secret(), with("platforms", platforms), ErrorCode.UNAUTHORIZED);
    }
  }

  // Garbage

  @ParameterizedTest
  @MethodSource("garbage")
  void garbage_is_refused(String garbage) throws Exception {
    for (TokenVerifier verifier : List.of(secret(), rsa(), ec())) {
      assertRefused(verifier, garbage, ErrorCode.UNAUTHORIZED);
    }
  }

  static List<String> garbage() {
    String header = base64(header("HS256").encode());
    String deep = base64("{\"alg\":\"HS256\",\"x\":" + "[".repeat(3000) + "]".repeat(3000) + "}");
    return Arrays.asList(
        null,
        "",
        " ",
        ".",
        "..",
        "...",
        "....",
        "a.b.c",
        "Bearer x.y.z",
        "{}",
        "\0\0\0",
        "é.é.é",
        "😀",
        header,
        header + ".",
        header + "..",
        header + "." + base64("{}") + ".",
        header + ".!!!.AAAA",
        header + "." + base64("[]") + ".AAAA",
        base64("[]") + "." + base64("{}") + ".AAAA",
        base64("{}") + "." + base64("{}") + ".AAAA",
        base64("{\"alg\":5}") + "." + base64("{}") + ".AAAA",
        base64("{\"alg\":null}") + "." + base64("{}") + ".AAAA",
        base64("{\"alg\":\"HS256\",\"kid\":{}}") + ".e30.AAAA",
        base64("{\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\"}") + ".a.b.c.d",
        deep + ".e30.AAAA",
        "a".repeat(8_000));
  }

  @Test
  void a_signed_payload_that_is_no_object_is_refused() throws Exception {
    for (String payload :
        List.of(
            "", "[]", "7", "null", "\"x\"", "{", "{\"sub\":", "[".repeat(2000), "\u0000", "{}")) {
      assertRefused(secret(), hs256(SECRET, header("HS256"), payload), ErrorCode.UNAUTHORIZED);
    }
  }

  @Test
  void random_changes_of_a_right_token_never_let_it_in() throws Exception {
    String token = hs256(SECRET, header("HS256"), claims().encode());
    TokenVerifier verifier = secret();
    Random random = new Random(42);
    for (int i = 0; i < 3_000; i++) {
      char[] chars = token.toCharArray();
      int at = random.nextInt(chars.length - 1);
      chars[at] =
          (char) (random.nextBoolean() ? random.nextInt(128) : random.nextInt(Character.MAX_VALUE));
      String changed = new String(chars);
      if (!changed.equals(token)) {
        assertRefused(verifier, changed, ErrorCode.UNAUTHORIZED);
      }
    }
  }

  @Test
  void a_huge_token_is_refused_unread() throws Exception {
    String right = with("x", "a".repeat(4_000));
    assertThat(right.length()).isLessThan(JwtVerifier.MAX_TOKEN_CHARS);
    assertThat(verify(secret(), right)).isEqualTo(alice());
    assertThat(refusal(secret(), with("x", "a".repeat(7_000))).reason())
        .contains("expected 8192 at most");
    assertRefused(secret(), "a".repeat(10_000_000), ErrorCode.UNAUTHORIZED);
  }

  @Test
  void a_reason_repeats_nothing_of_the_token() throws Exception {
    for (String claim : List.of("iss", "aud", "sub", "exp", "nbf", "iat", "platforms")) {
      assertThat(refusal(secret(), with(claim, new JsonObject().put("canary", 1))).reason())
          .doesNotContain("canary");
    }
    assertThat(refusal(secret(), "canary.canary.canary").reason()).doesNotContain("canary");
  }

  // Load

  @Test
  void too_many_waiting_verifications_are_busy() throws Exception {
    VerificationThreads threads = new VerificationThreads(vertx, 0);
    TokenVerifier verifier =
        new JwtVerifier(
            KeySources.of(
                vertx,
                publicKey(TestTokens.pem("PUBLIC KEY", RSA.getPublic().getEncoded())),
                clock,
                threads),
            new ClaimRules(TestConfigs.keys(TestConfigs.SECRET, "", ""), clock),
            threads);
    Refusal refusal =
        refusal(verifier, rs256(RSA.getPrivate(), header("RS256"), claims().encode()));
    assertThat(refusal.code()).isEqualTo(ErrorCode.BUSY);
    assertThat(refusal.retryAfterMs()).isPositive();
  }

  // Configuration

  @Test
  void weak_and_foreign_keys_are_refused() throws Exception {
    assertUnusable(
        publicKey(TestTokens.pem("PUBLIC KEY", TestTokens.rsa(1024).getPublic().getEncoded())),
        "1024 bits");
    assertUnusable(
        publicKey(
            TestTokens.pem("PUBLIC KEY", TestTokens.ec("secp384r1").getPublic().getEncoded())),
        "P-256");
    assertUnusable(
        publicKey(TestTokens.pem("PRIVATE KEY", RSA.getPrivate().getEncoded())), "private key");
    assertUnusable(publicKey(TestTokens.pem("PUBLIC KEY", new byte[] {1, 2, 3})), "garbled");
    assertUnusable(publicKey(TestTokens.pem("CERTIFICATE", new byte[] {1, 2, 3})), "garbled");
    assertUnusable(publicKey("hello"), "no PEM public key");
    assertUnusable(publicKey(""), "no PEM public key");
    AuthConfig gone = publicKey("hello");
    Files.delete(Path.of(gone.publicKey()));
    assertUnusable(gone, "cannot be read (NoSuchFileException)");
  }

  private void assertUnusable(AuthConfig config, String why) {
    assertThatThrownBy(() -> JwtVerifier.create(vertx, config, clock))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("auth.")
        .hasMessageContaining(why);
  }

  private TokenVerifier secret() {
    return JwtVerifier.create(vertx, TestConfigs.keys(TestConfigs.SECRET, "", ""), clock);
  }

  private TokenVerifier rsa() throws IOException {
    return file(TestTokens.pem("PUBLIC KEY", RSA.getPublic().getEncoded()));
  }

  private TokenVerifier ec() throws IOException {
    return file(TestTokens.pem("PUBLIC KEY", EC.getPublic().getEncoded()));
  }

  private TokenVerifier file(String pem) throws IOException {
    return JwtVerifier.create(vertx, publicKey(pem), clock);
  }

  private static AuthConfig publicKey(String pem) throws IOException {
    Path file = Files.createTempFile(directory, "key", ".pem");
    return TestConfigs.keys("", Files.writeString(file, pem).toString(), "");
  }

  private JsonObject claims() {
    return new JsonObject()
        .put("iss", TestConfigs.ISSUER)
        .put("aud", TestConfigs.AUDIENCE)
        .put("sub", "alice")
        .put("exp", clock.seconds() + 600);
  }

  private Identity alice() {
    return new Identity("alice", Set.of(), clock.seconds() + 600);
  }

  private String with(String claim, Object value) {
    return hs256(SECRET, header("HS256"), claims().put(claim, value).encode());
  }

  private static Identity verify(TokenVerifier verifier, String token) throws Exception {
    return verifier
        .verify(token)
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  private static void assertRefused(TokenVerifier verifier, String token, ErrorCode code)
      throws Exception {
    assertThat(refusal(verifier, token).code()).isEqualTo(code);
  }

  private static Refusal refusal(TokenVerifier verifier, String token) throws Exception {
    try {
      throw new AssertionError("was let in: " + verify(verifier, token));
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(Refusal.class);
      return (Refusal) e.getCause();
    }
  }
}
