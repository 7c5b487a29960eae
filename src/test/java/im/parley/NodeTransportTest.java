package im.parley;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.parley.config.ConfigException;
import im.parley.config.ServerConfig;
import io.vertx.core.transport.Transport;
import org.junit.jupiter.api.Test;

class NodeTransportTest {
  @Test
  void nio_is_everywhere() {
    assertThat(NodeTransport.of(ServerConfig.Transport.NIO)).isSameAs(Transport.NIO);
  }

  @Test
  void one_that_is_not_in_the_jar_is_refused_by_name() {
    assertThatThrownBy(() -> NodeTransport.required("io_uring", null))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "server.transport = io_uring: expected a transport that this machine has, but the jar has no such");
  }

  @Test
  void one_that_the_kernel_refuses_is_refused_with_what_it_said() {
    Throwable cause =
        new UnsatisfiedLinkError("failed to load").initCause(new RuntimeException("denied"));
    assertThatThrownBy(() -> NodeTransport.required("io_uring", unavailable(cause)))
        .hasMessageEndingWith("but denied");
    assertThatThrownBy(() -> NodeTransport.required("epoll", unavailable(null)))
        .hasMessageEndingWith("but it is not available");
  }

  private static Transport unavailable(Throwable cause) {
    return new Transport() {
      @Override
      public String name() {
        return "absent";
      }

      @Override
      public boolean available() {
        return false;
      }

      @Override
      public Throwable unavailabilityCause() {
        return cause;
      }

      @Override
      public io.vertx.core.spi.transport.Transport implementation() {
        throw new AssertionError("an absent transport is not to be used");
      }
    };
  }
}
