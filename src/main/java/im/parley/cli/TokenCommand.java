package im.parley.cli;

import im.parley.auth.DevelopmentToken;
import im.parley.config.AuthConfig;
import im.parley.config.Durations;
import im.parley.config.Settings;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Mints a token for trying things out; in production an identity provider does. */
@Command(
    name = "token",
    description = "Print a development token, signed with auth.hmac-secret.",
    mixinStandardHelpOptions = true)
final class TokenCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private SettingsFlags flags;

  @Parameters(paramLabel = "USER", description = "whom the token is for")
  private String user;

  @Option(
      names = "--platform",
      split = ",",
      paramLabel = "PLATFORM",
      description = "platforms it is good for, comma separated (all)")
  private List<String> platforms = List.of();

  @Option(
      names = "--ttl",
      defaultValue = "12h",
      paramLabel = "DURATION",
      description = "life (12h)")
  private String ttl;

  @Override
  public Integer call() {
    Settings settings = flags.load();
    AuthConfig auth = settings.config().auth();
    if (auth.hmacSecret().isEmpty()) {
      throw settings.refusal(
          "auth.hmac-secret", "a secret of at least 32 bytes to sign the token with");
    }
    String token = DevelopmentToken.mint(auth, user, platforms, Durations.parse("--ttl", ttl));
    spec.commandLine().getOut().println(token);
    return 0;
  }
}
