package im.parley;

import im.parley.config.ConfigException;
import im.parley.config.ServerConfig;
import io.vertx.core.transport.Transport;

/** The transport that the settings ask for, if this machine has it. */
final class NodeTransport {
  private NodeTransport() {}

  /**
   * @throws ConfigException if it is not there
   */
  static Transport of(ServerConfig.Transport choice) {
    return switch (choice) {
      case AUTO -> isThere(Transport.EPOLL) ? Transport.EPOLL : Transport.NIO;
      case EPOLL -> required("epoll", Transport.EPOLL);
      case IO_URING -> required("io_uring", Transport.IO_URING);
      case NIO -> Transport.NIO;
    };
  }

  private static boolean isThere(Transport transport) {
    return transport != null && transport.available();
  }

  /**
   * @param transport null if its classes are not in the jar
   */
  static Transport required(String name, Transport transport) {
    if (!isThere(transport)) {
      throw new ConfigException(
          "server.transport = %s: expected a transport that this machine has, but %s"
              .formatted(name, transport == null ? "the jar has no such" : why(transport)));
    }
    return transport;
  }

  /** The innermost cause, since Netty wraps what the kernel said. */
  private static String why(Transport transport) {
    Throwable cause = transport.unavailabilityCause();
    while (cause != null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause == null ? "it is not available" : String.valueOf(cause.getMessage());
  }
}
