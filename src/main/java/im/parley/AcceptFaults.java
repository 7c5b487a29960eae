package im.parley;

import com.sun.management.UnixOperatingSystemMXBean;
import im.parley.metrics.Metrics;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * On a port's own channel: when the system does not give a connection that waits, mostly because
 * there are too many open files, the port tries again a second later. The log says so once a
 * minute. It takes the place of what Netty's bootstrap does, which is the same pause, but with a
 * stack trace each time.
 */
final class AcceptFaults extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(AcceptFaults.class);
  private static final long PAUSE_MS = 1_000;
  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Metrics metrics;

  // Event loop only
  private boolean told;
  private long toldNanos;

  AcceptFaults(Metrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable fault) {
    if (!(fault instanceof IOException)) {
      context.fireExceptionCaught(fault);
      return;
    }
    metrics.acceptsFailed.increment();
    tell(context, fault);
    context.channel().config().setAutoRead(false);
    context
        .executor()
        .schedule(
            () -> context.channel().config().setAutoRead(true), PAUSE_MS, TimeUnit.MILLISECONDS);
  }

  private void tell(ChannelHandlerContext context, Throwable fault) {
    long now = context.executor().ticker().nanoTime();
    if (told && now - toldNanos < QUIET_NANOS) {
      return;
    }
    told = true;
    toldNanos = now;
    log.warn(
        "connections wait because accepting fails: {}; tried each second, see \"parley doctor\""
            + " [port: {}, limit: {} open files]",
        fault.getMessage(),
        port(context.channel().localAddress()),
        limit());
  }

  private static Object port(SocketAddress local) {
    return local instanceof InetSocketAddress address ? address.getPort() : local;
  }

  private static String limit() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? String.valueOf(unix.getMaxFileDescriptorCount())
        : "unknown";
  }
}
