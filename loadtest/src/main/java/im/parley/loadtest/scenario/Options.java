package im.parley.loadtest.scenario;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/**
 * What every scenario takes. Durations are written 500ms, 30s, 5m, 1h. A worker process parses the
 * same words as its parent.
 */
public class Options {
  @Option(
      names = {"-u", "--target"},
      paramLabel = "URL",
      defaultValue = "ws://127.0.0.1:8089/acc",
      description =
          "ws://host:port/path; comma separated, repeatable, port ranges as 8089-8099 (${DEFAULT-VALUE})")
  public List<String> targets = new ArrayList<>();

  @Option(
      names = "--sources",
      paramLabel = "ADDRESSES",
      defaultValue = "",
      description = "local addresses to connect from in turn, as 127.0.0.2-127.0.0.60")
  public String sources;

  @Option(
      names = {"-c", "--connections"},
      paramLabel = "N",
      defaultValue = "1000",
      description = "connections in all (${DEFAULT-VALUE})")
  public int connections;

  @Option(
      names = "--login",
      paramLabel = "HOW",
      defaultValue = "native",
      description = "native, prim or none (${DEFAULT-VALUE})")
  public Login login;

  @Option(
      names = "--user-prefix",
      paramLabel = "TEXT",
      description = "user n is called TEXT followed by n (fresh users for each run)")
  public String userPrefix;

  @Option(
      names = "--platform",
      paramLabel = "P",
      defaultValue = "web",
      description = "platform of a native login (${DEFAULT-VALUE})")
  public String platform;

  @Option(
      names = "--app-id",
      paramLabel = "N",
      defaultValue = "101",
      description = "prim's appID, which is its lobby (${DEFAULT-VALUE})")
  public int appId;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "user n logs in with line n of FILE, counted from 0, as serviceToken")
  public Path tokenFile;

  @Option(
      names = "--heartbeat",
      paramLabel = "TIME",
      defaultValue = "30s",
      description = "each connection sends a heartbeat so often; 0s for never (${DEFAULT-VALUE})")
  public Duration heartbeat;

  @Option(
      names = "--connect-rate",
      paramLabel = "N",
      defaultValue = "0",
      description = "connects a second in all; 0 for as fast as the window allows")
  public double connectRate;

  @Option(
      names = "--window",
      paramLabel = "N",
      defaultValue = "256",
      description = "connects, logins or joins under way at once, in all (${DEFAULT-VALUE})")
  public int window;

  @Option(
      names = "--ramp",
      paramLabel = "TIME",
      defaultValue = "0s",
      description = "--connect-rate and --rate rise from 0 over so long (${DEFAULT-VALUE})")
  public Duration ramp;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "30s",
      description = "a connect with its login that takes longer has failed (${DEFAULT-VALUE})")
  public Duration timeout;

  @Option(
      names = {"-d", "--duration"},
      paramLabel = "TIME",
      defaultValue = "10s",
      description =
          "length of the measured phase, where it is not given otherwise (${DEFAULT-VALUE})")
  public Duration duration;

  @Option(
      names = "--warmup",
      paramLabel = "TIME",
      defaultValue = "2s",
      description = "traffic before the measured phase (${DEFAULT-VALUE})")
  public Duration warmup;

  @Option(
      names = "--quiet",
      paramLabel = "TIME",
      defaultValue = "2s",
      description = "wait for stragglers after it (${DEFAULT-VALUE})")
  public Duration quiet;

  @Option(
      names = "--size",
      paramLabel = "BYTES",
      defaultValue = "100",
      description = "bytes of a message's text, at least 20 (${DEFAULT-VALUE})")
  public int size;

  @Option(
      names = "--loops",
      paramLabel = "N",
      defaultValue = "0",
      description = "event loops of each worker; 0 for one per core")
  public int loops;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "1",
      description = "worker processes; 1 runs within this one (${DEFAULT-VALUE})")
  public int workers;

  @Option(
      names = "--max-lag",
      paramLabel = "TIME",
      defaultValue = "100ms",
      description = "the generator is saturated when it runs so late itself (${DEFAULT-VALUE})")
  public Duration maxLag;

  @Option(names = "--run-id", hidden = true, description = "the parent's, for its workers")
  public String runId;

  // What only some scenarios show as options.
  public int outstanding = 64;
  public double rate;
  public int rooms = 1;
  public int messages = 10;
  public Duration interval = Duration.ofSeconds(1);
  public Duration jitter = Duration.ZERO;
  public Duration patience = Duration.ofMinutes(10);
  public String httpUrl;
  public Duration hold = Duration.ofSeconds(10);
  public int silent;
  public boolean untilStopped;

  /** As on a command line. */
  public static Options of(String... words) {
    Options options = new Options();
    new CommandLine(options)
        .registerConverter(Duration.class, new Durations())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .parseArgs(words);
    return options;
  }

  String prefix() {
    return userPrefix == null ? runId + "-" : userPrefix;
  }

  public int loopsOrCores() {
    return loops > 0 ? loops : Runtime.getRuntime().availableProcessors();
  }
}
