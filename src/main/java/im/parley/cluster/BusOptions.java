package im.parley.cluster;

import im.parley.config.ClusterConfig;
import im.parley.config.ClusterTls;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;

/** The event bus between nodes, as the settings want it. */
final class BusOptions {
  // Of the time after which a node is gone; the bus only gives a connection up.
  private static final double PING = 0.2;
  private static final double REPLY = 0.3;

  private BusOptions() {}

  static EventBusOptions of(ClusterConfig config) {
    long silence = config.failureTimeout().toMillis();
    EventBusOptions bus =
        new EventBusOptions()
            .setHost(config.bind())
            .setPort(config.busPort())
            .setClusterPingInterval((long) (silence * PING))
            .setClusterPingReplyInterval((long) (silence * REPLY));
    if (!config.publicHost().isEmpty()) {
      bus.setClusterPublicHost(config.publicHost());
    }
    ClusterTls tls = config.tls();
    if (tls.enabled()) {
      bus.setSsl(true)
          .setKeyCertOptions(
              new PemKeyCertOptions().setCertPath(tls.certificate()).setKeyPath(tls.key()))
          .setTrustOptions(new PemTrustOptions().addCertPath(tls.ca()))
          .setTrustAll(false)
          .setClientAuth(ClientAuth.REQUIRED);
    }
    return bus;
  }
}
