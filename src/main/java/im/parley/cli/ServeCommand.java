package im.parley.cli;

import im.parley.config.Config;
import im.parley.config.ConfigException;
import im.parley.config.DrainConfig;
import im.parley.config.LogConfig;
import im.parley.config.Settings;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs one node until SIGTERM or SIGINT asks it to stop. */
@Command(
    name = "serve",
    description = "Run a node until SIGTERM or Ctrl-C stops it.",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  // What a stop may take beyond its drain: closing the store and the loops.
  private static final Duration CLOSING = Duration.ofSeconds(30);

  @Spec private CommandSpec spec;
  @Mixin private NodeFlags flags;

  private final RunningNode.Starter starter;

  ServeCommand(RunningNode.Starter starter) {
    this.starter = starter;
  }

  @Override
  public Integer call() throws Exception {
    Settings settings = flags.load();
    Config config = settings.config();
    Logs.configure(config.log());
    Preflight.check(settings, config);
    StopSignal signal = StopSignal.install();
    Logger log = LoggerFactory.getLogger(ServeCommand.class);
    RunningNode node = start(config, log);
    announce(config, node, log);
    log.info("node stops [signal: {}]", signal.await());
    return stop(node, longest(config), log);
  }

  private RunningNode start(Config config, Logger log) throws CommandFailure {
    try {
      return starter.start(config).await();
    } catch (ConfigException e) {
      throw e;
    } catch (Throwable e) {
      // await() throws the future's failure as it is, checked or not.
      log.debug("node did not start", e);
      throw new CommandFailure("start", e);
    }
  }

  private void announce(Config config, RunningNode node, Logger log) {
    Addresses addresses = new Addresses(config.server(), node);
    if (config.log().format() == LogConfig.Format.TEXT) {
      spec.commandLine().getOut().println(addresses.text());
      spec.commandLine().getOut().flush();
    } else {
      log.info("node listens [{}]", addresses.facts());
    }
  }

  /** What a drain may take when the node is full. */
  private static Duration longest(Config config) {
    DrainConfig drain = config.server().drain();
    return drain.notice().plus(drain.spread(config.gateway().maxConnections()));
  }

  private static int stop(RunningNode node, Duration drain, Logger log) {
    try {
      node.stop().get().await(drain.plus(CLOSING).toMillis(), TimeUnit.MILLISECONDS);
      log.info("node stopped");
      return 0;
    } catch (TimeoutException e) {
      log.warn("node did not stop in time [drain: {}, closing: {}]", drain, CLOSING);
    } catch (RuntimeException e) {
      log.error("node did not stop in order", e);
    }
    return Mistakes.BUG;
  }
}
