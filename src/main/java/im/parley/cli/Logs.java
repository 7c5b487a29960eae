package im.parley.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import im.parley.config.LogConfig;
import java.nio.charset.StandardCharsets;
import org.slf4j.LoggerFactory;

/** Sets up what the process logs: everything, Vert.x and Netty included, to stdout in one form. */
final class Logs {
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0} - %msg%n";

  private Logs() {}

  /** To be called before the first line is logged. */
  static void configure(LogConfig config) {
    System.setProperty(
        "vertx.logger-delegate-factory-class-name",
        "io.vertx.core.logging.SLF4JLogDelegateFactory");
    System.setProperty("hazelcast.logging.type", "slf4j");
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    Encoder<ILoggingEvent> encoder =
        config.format() == LogConfig.Format.JSON ? new JsonLines() : text(context);
    encoder.setContext(context);
    encoder.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setEncoder(encoder);
    console.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.valueOf(config.level()));
    root.addAppender(console);
    if (root.getLevel().isGreaterOrEqual(Level.INFO)) {
      // What an operator must know of the cluster the node says itself; what Hazelcast warns of is
      // how it mends what the node has told.
      context.getLogger("com.hazelcast").setLevel(Level.ERROR);
      return;
    }
    context.getLogger("com.hazelcast").setLevel(Level.INFO);
    // A person who debugs Parley does not want Netty's probing of the platform.
    context.getLogger("io.netty").setLevel(Level.INFO);
  }

  private static PatternLayoutEncoder text(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.setCharset(StandardCharsets.UTF_8);
    return encoder;
  }
}
