package im.parley.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  @TempDir Path directory;

  @Test
  void the_defaults_make_a_node_that_only_this_machine_reaches() {
    Config config = Config.of(Map.of());
    assertThat(config.server().bind()).isEqualTo("127.0.0.1");
    assertThat(config.server().wsPorts()).containsExactly(8089);
    assertThat(config.gateway().maxConnections()).isEqualTo(1_000_000);
    assertThat(config.gateway().expiry()).isEqualTo(Duration.ofSeconds(360));
    assertThat(config.gateway().softBudgetBytes()).isEqualTo(262_144);
    assertThat(config.auth().mode()).isEqualTo(AuthConfig.Mode.OPEN);
    assertThat(config.sessions().policy()).isEqualTo(SessionConfig.Policy.DEVICE);
    assertThat(config.store().data()).isEqualTo(Path.of("data"));
    assertThat(config.store().retentionAge()).isEqualTo(Duration.ZERO);
    assertThat(config.log().format()).isEqualTo(LogConfig.Format.TEXT);
  }

  @Test
  void lists_and_ports_are_separated_by_commas() {
    Config config =
        Config.of(
            Map.of(
                "ws-port",
                "8089, 8090",
                "gateway.allowed-origins",
                "https://a.example,http://b.example:81"));
    assertThat(config.server().wsPorts()).containsExactly(8089, 8090);
    assertThat(config.gateway().allowedOrigins())
        .containsExactly("https://a.example", "http://b.example:81");
  }

  @ParameterizedTest
  @CsvSource({"500ms,500", "30s,30000", "5m,300000", "2h,7200000", "1d,86400000"})
  void durations_carry_their_unit(String written, long millis) {
    assertThat(
            Config.of(Map.of("gateway.expiry", written, "gateway.heartbeat", "1ms"))
                .gateway()
                .expiry()
                .toMillis())
        .isEqualTo(millis);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gateway.expiry|12 parsecs|a duration such as 500ms",
        "gateway.expiry|10|a duration such as 500ms",
        "gateway.expiry|1ms|a duration from 10ms to 7d",
        "gateway.heartbeat|6m|less than gateway.expiry, which is 6m",
        "gateway.max-frame-bytes|64k|a whole number",
        "gateway.max-frame-bytes|3000000000|a whole number",
        "gateway.max-frame-bytes|1|a number from 128 to 16777216",
        "gateway.soft-budget-bytes|2000000|at most gateway.hard-budget-bytes, which is 1048576",
        "gateway.compression|yes|true or false",
        "gateway.allowed-origins|*|origins such as https://chat.example.org",
        "gateway.allowed-origins|https://a.example/chat|origins such as https://chat.example.org",
        "ws-port|8089;8090|port numbers separated by commas",
        "ws-port|''|at least one port",
        "ws-port|70000|a port from 0 (any free one) to 65535",
        "admin-port|8080|a port of its own, but http-port has it too",
        "auth|none|open or jwt",
        "auth|jwt|exactly one of auth.hmac-secret, auth.public-key and auth.jwks with it, but 0 are set",
        "auth.public-key|/nowhere/key.pem|a file that can be read",
        "auth.jwks|/nowhere/keys.json|a file that can be read",
        "auth.user-claim|''|the name of a claim",
        "sessions.policy|many|device or platform or single",
        "sessions.max-per-user|0|a number from 1 to 1000",
        "store|redis://|sqlite or redis://[user:password@]host:port[/db]",
        "store|redis://a:1,,redis://b:1|sqlite or redis://",
        "store|postgres|sqlite",
        "store.redis-durability|replicated:0|memory, everysec, always or replicated:N with N from 1 to 16",
        "store.redis-durability|fsync|memory, everysec, always or replicated:N",
        "store.redis-connections|0|a number from 1 to 64",
        "store.redis-timeout|1ms|a duration from 50ms to 1m",
        "store.retention-count|-1|a number from 0",
        "tls.key|/nowhere/key.pem|a PEM file, because tls.key is set",
        "tls.certificate|/nowhere/cert.pem|a PEM file, because tls.certificate is set",
        "drain.grace|2h|a duration from 0s to 1h",
        "log.format|xml|text or json",
        "log.level|loud|trace or debug or info or warn or error",
        "bind|0.0.0.0|set auth=jwt, or auth.open-anywhere=true",
      })
  void a_wrong_value_is_refused_in_one_line_with_what_was_expected(
      String key, String value, String expected) {
    assertThatThrownBy(() -> Config.of(Map.of(key, value)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("expected ")
        .hasMessageContaining(expected)
        .hasMessageNotContaining("\n");
  }

  @Test
  void an_unknown_key_is_refused_with_the_nearest_known() {
    assertThatThrownBy(() -> Config.of(Map.of("gateway.max-frame-byte", "1")))
        .hasMessage(
            "unknown key gateway.max-frame-byte (from code): did you mean gateway.max-frame-bytes?");
    assertThatThrownBy(() -> Config.of(Map.of("max-per-user", "1")))
        .hasMessageContaining("did you mean sessions.max-per-user?");
    assertThatThrownBy(() -> Settings.load(Map.of("PARLEY_GATEWAY_EXPIRE", "1s"), List.of()))
        .hasMessage(
            "unknown environment variable PARLEY_GATEWAY_EXPIRE: did you mean PARLEY_GATEWAY_EXPIRY?");
  }

  @Test
  void flags_win_over_the_environment_and_that_over_the_file_and_that_over_defaults()
      throws Exception {
    Path file = file("http-port=1001\ngrpc-port=1002\nadmin-port=1003\nauth.issuer=Zürich\n");
    Settings settings =
        Settings.load(
            Map.of("PARLEY_GRPC_PORT", "2002", "PARLEY_ADMIN_PORT", "2003", "HOME", "/"),
            List.of(
                new Settings.Flag("config", file.toString(), "--config"),
                new Settings.Flag("admin-port", "3003", "--admin-port")));
    Config config = settings.config();
    assertThat(config.server().wsPorts()).containsExactly(8089);
    assertThat(config.server().httpPort()).isEqualTo(1001);
    assertThat(config.server().grpcPort()).isEqualTo(2002);
    assertThat(config.server().adminPort()).isEqualTo(3003);
    assertThat(config.auth().issuer()).isEqualTo("Zürich");
    assertThat(settings.get("ws-port").source()).isEqualTo("default");
    assertThat(settings.get("http-port").source()).isEqualTo("file " + file);
    assertThat(settings.get("grpc-port").source())
        .isEqualTo("environment variable PARLEY_GRPC_PORT");
    assertThat(settings.get("admin-port").source()).isEqualTo("flag --admin-port");
  }

  @Test
  void the_environment_may_name_the_file() throws Exception {
    Path file = file("auth.audience=parley\n");
    assertThat(
            Settings.load(Map.of("PARLEY_CONFIG", file.toString()), List.of())
                .config()
                .auth()
                .audience())
        .isEqualTo("parley");
  }

  @Test
  void an_error_names_where_the_value_came_from() throws Exception {
    Path file = file("gateway.expiry=soon\n");
    Settings.Flag flag = new Settings.Flag("config", file.toString(), "--config");
    assertThatThrownBy(() -> Settings.load(Map.of(), List.of(flag)).config())
        .hasMessageStartingWith(
            "gateway.expiry = \"soon\" (from file " + file + "): expected a duration");
    assertThatThrownBy(() -> Settings.load(Map.of("PARLEY_HTTP_PORT", "x"), List.of()).config())
        .hasMessageStartingWith(
            "http-port = \"x\" (from environment variable PARLEY_HTTP_PORT): expected ");
  }

  @Test
  void a_file_that_is_absent_or_not_utf8_or_names_another_is_refused() throws Exception {
    Path latin =
        Files.write(
            directory.resolve("latin.properties"), new byte[] {'a', '=', (byte) 0xFC, '\n'});
    Path naming = file("config=other.properties\n");
    assertThatThrownBy(() -> load(directory.resolve("absent")))
        .hasMessageContaining("expected a file that exists");
    assertThatThrownBy(() -> load(latin)).hasMessageContaining("expected a file in UTF-8");
    assertThatThrownBy(() -> load(directory))
        .hasMessageContaining("expected a file that can be read");
    assertThatThrownBy(() -> load(naming)).hasMessageContaining("a file cannot name another");
    assertThatThrownBy(() -> load(file("auth.issuer=\\u12\n")))
        .hasMessageContaining("expected Java properties syntax");
  }

  @Test
  void what_the_launcher_and_kubernetes_put_beside_us_is_not_ours() {
    Map<String, String> environment =
        Map.of(
            "PARLEY_JAVA_OPTS",
            "-Xmx1g",
            "PARLEY_GC",
            "-XX:+UseZGC",
            "PARLEY_PORT",
            "tcp://10.0.0.1:80",
            "PARLEY_PORT_80_TCP",
            "x",
            "PARLEY_SERVICE_HOST",
            "x");
    assertThat(Settings.load(environment, List.of()).all())
        .allMatch(setting -> setting.source().equals("default"));
  }

  @Test
  void jwt_takes_exactly_one_kind_of_key_and_a_service_token() throws Exception {
    Map<String, String> jwt = Map.of("auth", "jwt", "auth.hmac-secret", SECRET, "bind", "0.0.0.0");
    assertThatThrownBy(() -> Config.of(jwt))
        .hasMessageContaining("auth.service-tokens")
        .hasMessageContaining("at least one");
    assertThatThrownBy(() -> Config.of(with(jwt, "auth.jwks", file("{}").toString())))
        .hasMessageContaining("but 2 are set");
    assertThat(Config.of(with(jwt, "auth.service-tokens", "one,two")).auth().serviceTokens())
        .containsExactly("one", "two");
  }

  @Test
  void a_blank_service_token_is_refused() {
    assertThatThrownBy(
            () ->
                new AuthConfig(
                    AuthConfig.Mode.OPEN, false, "", "", "", "", "", "sub", "", List.of("a", " ")))
        .hasMessageContaining("auth.service-tokens")
        .hasMessageContaining("none of them blank");
  }

  @ParameterizedTest
  @CsvSource({"https://a.example/keys,true", "HTTP://a.example/keys,true", "'',false"})
  void a_key_set_may_be_a_url_in_either_case(String jwks, boolean url) {
    assertThat(Config.of(Map.of("auth.jwks", jwks)).auth().jwksIsUrl()).isEqualTo(url);
  }

  @Test
  void a_key_file_may_not_be_a_directory() {
    for (String key : List.of("auth.public-key", "auth.jwks")) {
      assertThatThrownBy(() -> Config.of(Map.of(key, directory.toString())))
          .hasMessageContaining(key)
          .hasMessageContaining("a file that can be read");
    }
  }

  @Test
  void open_beyond_loopback_must_be_said_aloud() {
    assertThat(Config.of(Map.of("bind", "::1")).server().bind()).isEqualTo("::1");
    assertThat(Config.of(Map.of("bind", "0.0.0.0", "auth.open-anywhere", "true")).server().bind())
        .isEqualTo("0.0.0.0");
  }

  @Test
  void a_secret_is_in_no_message_and_no_listing() {
    assertThatThrownBy(() -> Config.of(Map.of("auth.hmac-secret", "too-short")))
        .hasMessage("auth.hmac-secret = **** (from code): expected at least 32 bytes");
    Settings settings = Settings.load(Map.of("PARLEY_AUTH_HMAC_SECRET", SECRET), List.of());
    assertThat(settings.get("auth.hmac-secret").shown()).isEqualTo("****");
    assertThat(settings.config().toString()).doesNotContain(SECRET);
  }

  @Test
  void redis_is_one_address_or_several_and_its_password_is_shown_nowhere() {
    Config config =
        Config.of(
            Map.of(
                "store",
                "redis://:%s@one:6379/2, rediss://two:6380".formatted(SECRET),
                "store.redis-durability",
                "replicated:2"));
    assertThat(config.store().isRedis()).isTrue();
    assertThat(config.store().addresses())
        .containsExactly("redis://:" + SECRET + "@one:6379/2", "rediss://two:6380");
    assertThat(config.store().redis().durability())
        .isEqualTo(new RedisDurability(RedisDurability.Level.REPLICATED, 2));
    assertThat(config.toString()).doesNotContain(SECRET).contains("://****@one:6379");
    Settings settings =
        Settings.load(Map.of("PARLEY_STORE", "redis://ann:" + SECRET + "@one:1x"), List.of());
    assertThat(settings.get("store").shown()).isEqualTo("redis://****@one:1x");
    assertThatThrownBy(settings::config)
        .hasMessageContaining("://****@one:1x")
        .hasMessageNotContaining(SECRET);
  }

  private Config load(Path file) {
    return Settings.load(
            Map.of(), List.of(new Settings.Flag("config", file.toString(), "--config")))
        .config();
  }

  private Path file(String text) throws Exception {
    return Files.writeString(Files.createTempFile(directory, "parley", ".properties"), text);
  }

  private static Map<String, String> with(Map<String, String> values, String key, String value) {
    Map<String, String> copy = new java.util.HashMap<>(values);
    copy.put(key, value);
    return copy;
  }
}
