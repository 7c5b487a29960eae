package im.parley.cluster;

import im.parley.config.Config;
import im.parley.testing.Waiting;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.transport.Transport;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A member of a cluster in this JVM, without a node around it, that notes what it hears. */
final class LocalMember implements AutoCloseable {
  private final ClusterStart start;
  private final List<String> heard = new CopyOnWriteArrayList<>();

  private LocalMember(ClusterStart start) {
    this.start = start;
    membership()
        .watch(
            new Membership.Watcher() {
              @Override
              public void joined(long node) {
                heard.add("joined " + node);
              }

              @Override
              public void left(long node) {
                heard.add("left " + node);
              }

              @Override
              public void merged() {
                heard.add("merged");
                System.out.println("merged");
              }
            });
  }

  /** Joins; {@code settings} are {@code key=value}, ports are free ones. */
  static LocalMember join(String... settings) {
    Map<String, String> all = new HashMap<>();
    all.put("cluster", "true");
    all.put("cluster-port", "0");
    all.put("store", "redis://127.0.0.1:1");
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      all.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
    NodeInfo self = NodeInfo.starting(new SecureRandom().nextLong(), "1.2.3");
    return new LocalMember(
        ClusterStart.begin(
            Config.of(all).cluster(),
            self,
            new VertxOptions().setEventLoopPoolSize(1),
            Transport.NIO,
            new SimpleMeterRegistry()));
  }

  Membership membership() {
    return start.cluster().membership();
  }

  Vertx vertx() {
    return start.vertx();
  }

  String address() {
    return ((HazelcastMembership) membership()).address();
  }

  /** What its watcher was told, in order. */
  List<String> heard() {
    return heard;
  }

  /** The nodes that it knows. */
  List<Long> nodes() {
    return membership().nodes().stream().map(NodeInfo::id).sorted().toList();
  }

  @Override
  public void close() {
    Waiting.await(start.close());
  }
}
