package im.parley;

import im.parley.cluster.Membership;
import im.parley.metrics.JvmMeters;
import im.parley.metrics.LoopLag;
import im.parley.metrics.Metrics;
import im.parley.metrics.NodeGauges;
import im.parley.metrics.RouteReadings;
import im.parley.metrics.StoreReadings;
import im.parley.session.Gateway;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The meters of one node: its registry, and what is read from its parts. */
final class NodeMeters implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Metrics metrics = new Metrics(registry);
  private final JvmMeters jvm = new JvmMeters(registry);
  private LoopLag lag;

  /** Reads these parts whenever metrics are asked for. */
  void watch(
      List<Gateway> gateways,
      IntSupplier connections,
      BooleanSupplier draining,
      Supplier<? extends StoreReadings> store) {
    new NodeGauges(registry)
        .connections(connections)
        .draining(draining)
        .sessions(
            () -> gateways.stream().mapToInt(Gateway::natives).sum(),
            () -> gateways.stream().mapToInt(Gateway::prims).sum())
        .inboxes(
            gateways.stream().map(each -> (IntSupplier) each.inbox()::size).toList(),
            gateways.stream().map(each -> (LongSupplier) each.inbox()::refused).toList())
        .store(store);
    lag = new LoopLag(registry, gateways.stream().map(Gateway::loop).toList());
  }

  /** Reads what becomes of pushes between nodes. */
  void watch(RouteReadings routes) {
    new NodeGauges(registry).routes(routes);
  }

  /** Reads and counts what becomes of the cluster. */
  void watch(Membership membership) {
    LongAdder left = new LongAdder();
    LongAdder merges = new LongAdder();
    membership.watch(
        new Membership.Watcher() {
          @Override
          public void left(long node) {
            left.increment();
          }

          @Override
          public void merged() {
            merges.increment();
          }
        });
    new NodeGauges(registry).cluster(() -> membership.nodes().size(), left::sum, merges::sum);
  }

  PrometheusMeterRegistry registry() {
    return registry;
  }

  Metrics metrics() {
    return metrics;
  }

  @Override
  public void close() {
    if (lag != null) {
      lag.close();
    }
    jvm.close();
    registry.close();
  }
}
