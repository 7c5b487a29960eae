package im.parley;

import static org.assertj.core.api.Assertions.assertThat;

import im.parley.metrics.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.transport.Transport;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which options each accepted connection is given. */
class ListeningTransportTest {
  private static final Metrics METRICS = new Metrics(new SimpleMeterRegistry());

  @Test
  void what_a_socket_is_by_itself_is_not_set() {
    assertThat(options(new NetServerOptions()).keySet())
        .doesNotContain(
            "TCP_NODELAY", "SO_KEEPALIVE", "TCP_CORK", "TCP_USER_TIMEOUT", "TCP_QUICKACK");
  }

  @Test
  void what_is_asked_for_is_set() {
    NetServerOptions asked =
        new NetServerOptions().setTcpNoDelay(false).setTcpKeepAlive(true).setSoLinger(0);
    assertThat(options(asked))
        .containsEntry("TCP_NODELAY", false)
        .containsEntry("SO_KEEPALIVE", true)
        .containsEntry("SO_LINGER", 0);
  }

  private static Map<String, Object> options(NetServerOptions options) {
    Transport chosen = NodeTransport.of(im.parley.config.ServerConfig.Transport.AUTO);
    ServerBootstrap server = new ServerBootstrap();
    ListeningTransport.on(chosen, METRICS).implementation().configure(options, false, server);
    return server.config().childOptions().entrySet().stream()
        .collect(Collectors.toMap(option -> plain(option.getKey()), Map.Entry::getValue));
  }

  private static String plain(ChannelOption<?> option) {
    return option.name().replaceFirst(".*#", "");
  }
}
