package im.parley.cli.doctor;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.vertx.core.transport.Transport;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.stream.Collectors;

/**
 * The JVM that a node would run in: this one.
 *
 * @param feature version, as 25
 * @param collector names of its garbage collectors
 * @param compactHeaders whether an object's header takes 8 bytes
 * @param epoll why the native transport is not there; empty when it is
 */
public record Jvm(
    int feature,
    long maxHeapBytes,
    String collector,
    boolean compactHeaders,
    int processors,
    String epoll) {

  /** This process's. */
  public static Jvm current() {
    return new Jvm(
        Runtime.version().feature(),
        Runtime.getRuntime().maxMemory(),
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .map(GarbageCollectorMXBean::getName)
            .collect(Collectors.joining(", ")),
        flag("UseCompactObjectHeaders"),
        Runtime.getRuntime().availableProcessors(),
        epollRefusal());
  }

  private static boolean flag(String name) {
    try {
      return Boolean.parseBoolean(
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
              .getVMOption(name)
              .getValue());
    } catch (IllegalArgumentException unknownToThisVersion) {
      return false;
    }
  }

  private static String epollRefusal() {
    if (Transport.EPOLL == null) {
      return "its library is not in the jar";
    }
    if (Transport.EPOLL.available()) {
      return "";
    }
    Throwable cause = Transport.EPOLL.unavailabilityCause();
    return cause == null ? "for no known reason" : String.valueOf(cause.getMessage());
  }
}
